// What was measured as tables, and what it should have been. A goal is `{ goal, wanted, measured, met }`; `met` is null where it could not be measured.

const GOALS = { timesLimit: 1.25, hive: 30, 'hive-rust': 11, idleKiB: 20, lateMs: 100 }

/** The medians of each gateway of one scene. */
export function printRows(results) {
  const [{ scene }] = results
  const rows = byGateway(results).map(({ gateway, of, total, failed, done }) => {
    if (done.length === 0) return { gateway, failed }
    return {
      gateway,
      delivered: total('delivered'),
      lost: total('lost'),
      repeated: total('repeated'),
      'cut off': total('cutOff'),
      'p50 ms': of('p50'),
      'p99 ms': of('p99'),
      'CPU µs/message': of('cpuMicros'),
      '× limit': timesLimit(results, of),
      'fetches/event': of('fetches'),
      upstreams: of('upstreams'),
      'KiB/idle viewer': of('idleKiB'),
      'loop late ms': most(done, 'lateMs'),
      'longest turn, CPU ms': most(done, 'turnMs'),
      'viewers busy': of('loadBusy'),
    }
  })
  const { title, groups, rooms, events, rate } = scene
  console.log(`\n${title}: ${groups} groups, ${rooms} rooms, ${events} rounds of events at ${rate}/s`)
  console.table(rows)
}

/** The goals of the issue, as far as these scenes show them. */
export function goalsOf(results) {
  const scenes = [...new Set(results.map(({ scene }) => scene))]
  return scenes.flatMap((scene) => goalsOfScene(scene, results)).concat(sameFetches(results))
}

function goalsOfScene(scene, all) {
  const mine = byGateway(all.filter((result) => result.scene === scene))
  const ours = mine.find(({ gateway }) => gateway === 'daihuo')
  if (ours === undefined) return []
  const goal = (name, wanted, measured, met) => ({ goal: `${scene.title}: ${name}`, wanted, measured, met })
  if (ours.done.length === 0) return [goal('is measured', 'to its end', ours.failed, false)]
  const bad = ours.total('lost') + ours.total('repeated') + ours.total('wrong')
  const goals = [goal('lost, repeated or wrong', '0', String(bad), bad === 0)]
  const cpu = ours.of('cpuMicros')
  for (const { gateway, of, done, failed } of mine) {
    const times = of('cpuMicros') / cpu
    if (gateway === 'limit' && isCrowd(scene))
      goals.push(
        goal(
          'CPU by message',
          `≤ ${GOALS.timesLimit} × limit`,
          `${round(1 / times)} × (${cpu} µs)`,
          1 / times <= GOALS.timesLimit,
        ),
      )
    if (!(gateway in GOALS)) continue
    const wanted = `≥ ${GOALS[gateway]} × less than ${gateway}`
    goals.push(
      done.length === 0
        ? goal('CPU by message', wanted, `${gateway} ${failed}`, null)
        : goal('CPU by message', wanted, `${round(times)} × (${of('cpuMicros')} µs)`, times >= GOALS[gateway]),
    )
  }
  const idle = ours.of('idleKiB')
  if (isCrowd(scene)) goals.push(goal('KiB by idle viewer', `≤ ${GOALS.idleKiB}`, String(idle), idle <= GOALS.idleKiB))
  const late = most(ours.done, 'lateMs')
  if (late !== undefined) {
    const measured = `${late} ms; longest turn ${most(ours.done, 'turnMs')} ms of CPU`
    goals.push(goal('loop delay', `≤ ${GOALS.lateMs} ms`, measured, late <= GOALS.lateMs))
  }
  return goals
}

/** With fewer viewers what an event costs by itself is what is seen, not the crowd. */
function isCrowd({ viewers, groups, rooms, workers }) {
  return viewers >= 1_000 && groups === 1 && rooms === 1 && workers === 1
}

function sameFetches(results) {
  const ours = results.filter(
    ({ gateway, failed, scene }) => gateway === 'daihuo' && failed === undefined && isCrowd(scene),
  )
  if (new Set(ours.map(({ scene }) => scene.viewers)).size < 2) return []
  const fetches = ours.map((result) => result.fetches)
  const measured = [...new Set(fetches.map(round))].join(', ')
  const met = Math.max(...fetches) - Math.min(...fetches) < 0.01
  return [{ goal: 'fetches by event', wanted: 'the same for any crowd', measured, met }]
}

/** ✓, ✗, or – where there was nothing to compare with. */
export function printGoals(goals) {
  if (goals.length === 0) return
  const width = (key) => Math.max(...goals.map((goal) => goal[key].length))
  const [names, wants] = [width('goal'), width('wanted')]
  console.log()
  for (const { goal, wanted, measured, met } of goals)
    console.log(`${met === null ? '–' : met ? '✓' : '✗'} ${goal.padEnd(names)}  ${wanted.padEnd(wants)}  ${measured}`)
}

export function isMissed({ met }) {
  return met === false
}

function byGateway(results) {
  return [...new Set(results.map(({ gateway }) => gateway))].map((gateway) => {
    const mine = results.filter((result) => result.gateway === gateway)
    const done = mine.filter(({ failed }) => failed === undefined)
    return {
      gateway,
      done,
      failed: mine.find(({ failed }) => failed !== undefined)?.failed,
      of: (key) => round(median(done.map((result) => result[key]))),
      total: (key) => done.reduce((sum, result) => sum + result[key], 0),
    }
  })
}

function timesLimit(results, of) {
  const limit = byGateway(results).find(({ gateway }) => gateway === 'limit')
  return limit && round(of('cpuMicros') / limit.of('cpuMicros'))
}

function most(done, key) {
  const known = done.map((result) => result[key]).filter((value) => value !== undefined)
  return known.length === 0 ? undefined : round(Math.max(...known))
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.trunc(numbers.length / 2)] ?? NaN
}

export function round(number) {
  return Number(number.toPrecision(4))
}

// One gateway before one crowd: it is started, all subscribe, all hear something, and then it is measured.
import { started, stopped } from '../gateway/processes.mjs'
import { crowdOf } from './crowd.mjs'
import { gatewaysOf } from './gateways.mjs'
import { asked, listens, pause, probe, publish } from './live.mjs'
import { usage } from './usage.mjs'

/** Starts the gateway of a scene, measures it and stops it; who is too slow is told with how far he came. */
export async function measured(scene, { supergraph, flags }) {
  const gateway = gatewaysOf(supergraph, { workers: scene.workers, flags })[scene.name]
  const child = await started(0, gateway.command, gateway.args, { env: gateway.env, ready: listens(gateway.port) })
  const crowd = await crowdOf(scene.viewers, 1)
  try {
    return await inTime(measure({ ...scene, ...gateway }, child, crowd), { scene, child, crowd })
  } finally {
    crowd.end()
    await stopped(child)
  }
}

/** What arrived, how busy he was, and how much he held. */
async function inTime(measuring, { scene: { patience }, child, crowd }) {
  measuring.catch(() => undefined) // its crowd is gone by then
  const before = usage(child.pid)
  const began = performance.now()
  const late = Symbol('late')
  const first = await Promise.race([measuring, pause(patience * 1_000).then(() => late)])
  if (first !== late) return first
  const { cpu, rss } = usage(child.pid)
  const busy = (cpu - before.cpu) / ((performance.now() - began) / 1_000)
  const { received, seen } = await crowd.tell()
  const failed = `could not within ${Math.round(patience)} s: ${seen} heard anything`
  return { failed, received, seen, busy, rssMiB: rss }
}

async function measure(scene, child, crowd) {
  const { port, rooms, groups, events, rate } = scene
  const empty = usage(child.pid)
  const opening = performance.now()
  await crowd.open({ port, rooms, groups })
  const openedMs = performance.now() - opening
  await pause(3_000)
  const crowded = usage(child.pid)
  const told = await warm(scene, crowd)
  // Who reads no more is nobody who could lose anything.
  const viewers = scene.viewers - (scene.stalled > 0 ? await crowd.stall(scene.stalled) : 0)
  await crowd.count(told)
  const before = { usage: usage(child.pid), ...(await asked()) }
  if (scene.probed) await probe()
  await publish({ rooms, from: told, events, perSecond: rate })
  await arrived({ ...scene, viewers }, crowd)
  const after = { usage: usage(child.pid), ...(await asked()) }
  const { lateMs, cpuMs } = scene.probed ? await probe() : {}
  const { received, lost, repeated, wrong, refused, closed, cutOff, latency, busy } = await crowd.finish()
  return {
    opened: scene.viewers - refused - closed,
    cutOff,
    openedMs: Math.round(openedMs),
    delivered: received,
    lost: lost + Math.max(0, viewers * events - received - lost),
    repeated,
    wrong,
    p50: latency.p50,
    p99: latency.p99,
    cpuMicros: ((after.usage.cpu - before.usage.cpu) * 1e6) / Math.max(1, received),
    fetches: (after.asked - before.asked) / (events * rooms),
    upstreams: after.upstreams,
    idleKiB: ((crowded.rss - empty.rss) * 1024) / scene.viewers,
    rssMiB: after.usage.rss,
    lateMs,
    turnMs: cpuMs,
    loadBusy: busy,
  }
}

/** Events until everybody has heard one: nothing else tells from outside that a subscription stands. Then some more for the compiler. */
async function warm({ rooms, viewers, rate }, crowd) {
  let seq = 1
  for (let tries = 0, seen = 0; seen < viewers; tries++) {
    if (tries === 120) throw new Error(`only ${seen} viewers hear anything`)
    await publish({ rooms, from: seq++, events: 1, perSecond: 1 })
    seen = await heardBy(crowd, viewers)
  }
  const more = Math.max(1, Math.min(30, Math.ceil(50_000 / viewers), Math.ceil(rate * 10)))
  await publish({ rooms, from: seq, events: more, perSecond: rate })
  await pause((more / rate) * 1_000 + 1_000)
  return seq + more
}

/** How many hear anything, once no more join them: a slow gateway is not told the next event while it is still busy with one. */
async function heardBy(crowd, viewers) {
  let seen = 0
  for (let before = -1; seen < viewers && seen > before;) {
    before = seen
    await pause(before === 0 ? 500 : 1_500)
    seen = (await crowd.tell()).seen
  }
  return seen
}

/** Until everything has arrived, or nothing has for ten seconds. */
async function arrived({ viewers, events, rate }, crowd) {
  await pause((events / rate) * 1_000)
  let received = -1
  for (let idle = 0; idle < 50;) {
    const told = await crowd.tell()
    if (told.received >= viewers * events) return
    idle = told.received === received ? idle + 1 : 0
    received = told.received
    await pause(200)
  }
}

// What is measured: how many watch, who serves them, and how much is told. A gateway's own entries take the place of its scene's.

const scene = (title, rest) => ({
  title,
  groups: 1,
  rooms: 1,
  workers: 1,
  rounds: 1,
  rate: 2,
  events: 20,
  stalled: 0,
  ...rest,
})
const BOTH = [{ name: 'limit' }, { name: 'daihuo' }]
const OURS = [{ name: 'daihuo' }]

/** Peers are told fewer events: at ours they would not keep up, and CPU by message is what is compared. */
export const WHOLE = [
  scene('1,000 viewers', {
    viewers: 1_000,
    rate: 20,
    events: 200,
    rounds: 2,
    gateways: [
      ...BOTH,
      { name: 'hive-rust', rounds: 1, rate: 1, events: 10, patience: 75 },
      { name: 'hive', rounds: 1, rate: 0.5, events: 8, patience: 75 },
    ],
  }),
  scene('10,000 viewers', {
    viewers: 10_000,
    rounds: 2,
    gateways: [
      ...BOTH,
      { name: 'hive-rust', rounds: 1, rate: 0.2, events: 3, patience: 60 },
      { name: 'hive', rounds: 1, rate: 0.1, events: 2, patience: 60 },
    ],
  }),
]

/** R19: the same crowd twice, the second time with one who reads no more. */
export const STALLED = [0, 100].map((stalled) =>
  scene(stalled === 0 ? '100 viewers' : '100 viewers, one reads no more', {
    ...{ viewers: 100, rate: 500, events: 15_000, stalled, gateways: OURS },
  }),
)

/** One thing grows at a time. */
export const GROWTH = [
  scene('100 viewers', { viewers: 100, rate: 20, events: 200, gateways: BOTH }),
  scene('1,000 viewers', { viewers: 1_000, rate: 20, events: 150, gateways: BOTH }),
  scene('10,000 viewers', { viewers: 10_000, gateways: BOTH }),
  scene('15,000 viewers', { viewers: 15_000, rate: 1, events: 10, gateways: BOTH }),
  scene('25,000 viewers, 2 workers', { viewers: 25_000, workers: 2, rate: 1, events: 8, gateways: OURS }),
  ...[10, 100].map((groups) =>
    scene(`1,000 viewers, ${groups} groups`, { viewers: 1_000, groups, rate: 10, events: 80, gateways: OURS }),
  ),
  ...[1, 5].map((rate) =>
    scene(`1,000 viewers, 1,000 groups`, { viewers: 1_000, groups: 1_000, rate, events: 8 * rate, gateways: OURS }),
  ),
  ...[10, 100].map((rooms) =>
    scene(`1,000 viewers, ${rooms} rooms`, { viewers: 1_000, rooms, rate: 10, events: 80, gateways: OURS }),
  ),
  ...[1, 5].map((rate) =>
    scene(`1,000 viewers, 1,000 rooms`, { viewers: 1_000, rooms: 1_000, rate, events: 8 * rate, gateways: OURS }),
  ),
]

/** A scene of one's own, from the flags. */
export function one(values) {
  const [viewers, rate, events, groups, rooms, rounds, workers, patience] = [
    ...['viewers', 'rate', 'events', 'groups', 'rooms', 'rounds', 'workers', 'patience'],
  ].map((name) => Number(values[name]))
  const gateways = values.gateways.split(',').map((name) => ({ name, patience }))
  return scene(`${viewers} viewers`, { viewers, rate, events, groups, rooms, rounds, workers, gateways })
}

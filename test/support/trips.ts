import { part } from './ask-federated.js'
import { federated, type Federated, type TestSubgraph } from './federated.js'

/** The key of a trip. */
export const trip = '@key(fields: "id")'

/** Trips that one subgraph knows, and another that requires something of them. */
export function trips(
  sdl: string,
  types: Parameters<typeof part>[1],
  more: Readonly<Record<string, TestSubgraph>> = {},
): Federated {
  return federated({
    trips: part(
      `type Query { trip: Trip trips: [Trip!]! } type Trip ${trip} { id: ID! km: Int legs: [Leg!] by: Vehicle way: Way fare(class: Int = 2, currency: Currency): Int }
        type Leg @shareable { from: String km: Int } enum Currency { EUR CNY } interface Vehicle { seats: Int } union Way = Road | Rail
        type Car implements Vehicle @shareable { seats: Int doors: Int } type Train implements Vehicle @shareable { seats: Int wagons: Int }
        type Road @shareable { toll: Int } type Rail @shareable { gauge: Int }`,
      {
        Query: { trip: { id: 1 }, trips: [{ id: 1 }, { id: 2 }] },
        Trip: {
          km: ({ id }) => Number(id) * 100,
          legs: [
            { from: 'A', km: 60 },
            { from: 'B', km: 40 },
          ],
          by: ({ id }) =>
            Number(id) === 1
              ? { __typename: 'Car', seats: 5, doors: 3 }
              : { __typename: 'Train', seats: 400, wagons: 8 },
          way: ({ id }) => (Number(id) === 1 ? { __typename: 'Road', toll: 7 } : { __typename: 'Rail', gauge: 1435 }),
          fare: (_, { class: level, currency }) => Number(level) * 10 + (currency === 'CNY' ? 1 : 0),
        },
      },
    ),
    tax: part(sdl, types),
    ...more,
  })
}

// What the fan-out bench and the soak share: the supergraph, the subgraphs, and the publisher.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { started } from '../gateway/processes.mjs'
import { PORTS, SUBGRAPHS } from './graph.mjs'

/** Composes the bench's supergraph into a file. */
export function supergraphFile() {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-fanout-')), 'supergraph.graphql')
  composeInto(file)
  return file
}

/** The same once more, with a field of that name, which no viewer asks for. */
export function composeInto(file, added = null) {
  const services = Object.entries(SUBGRAPHS).map(([name, sdl], at) => ({
    name,
    url: `http://127.0.0.1:${PORTS[name]}/graphql`,
    typeDefs: parse(at === 0 && added !== null ? `${sdl} extend type Query { ${added}: Int }` : sdl),
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (errors) throw new Error(errors.map(String).join('\n'))
  writeFileSync(file, supergraphSdl)
}

/** Until the gateway serves a field of that name. */
export async function serves(port, field) {
  const query = '{ __type(name: "Query") { fields { name } } }'
  const body = JSON.stringify({ query })
  for (let tries = 0; tries < 600; tries++) {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })
    if ((await answer.text()).includes(`"${field}"`)) return
    await pause(50)
  }
  throw new Error(`${field} is not served`)
}

export function startSubgraphs() {
  return started(1, process.execPath, [join(import.meta.dirname, 'subgraphs.mjs')], {
    ready: async () => (await fetch(`http://127.0.0.1:${PORTS.orders}/asked`)).ok,
  })
}

/** How often entities were asked for, and how many upstreams are open. */
export async function asked() {
  return await (await fetch(`http://127.0.0.1:${PORTS.rooms}/asked`)).json()
}

/** `events` rounds from the number `from` on, `perSecond` of them; in each every room tells one event. */
export async function publish(order) {
  await fetch(`http://127.0.0.1:${PORTS.rooms}/publish`, { method: 'POST', body: JSON.stringify(order) })
}

/** What the probe in the measured process has seen since it was asked last (`probe.mjs`). */
export async function probe(path = '/') {
  return await (await fetch(`http://127.0.0.1:4599${path}`)).json()
}

/** What the gateway itself counts now, by the names of `/metrics`. */
export async function gauges(port) {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Object.fromEntries(
    [...page.matchAll(/^daihuo_(\w+)(?:\{\})? (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  )
}

export function listens(port) {
  return async () => (await fetch(`http://127.0.0.1:${port}/graphql`)).status > 0
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

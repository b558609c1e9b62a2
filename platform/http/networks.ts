import { BlockList, isIP } from 'node:net'

/** Whether an address lies in one of some networks; an address that cannot be read lies in none. */
export type InNetworks = (address: string) => boolean

/** A network's text, read: an address of either version, alone or with the length of its prefix (`10.1.0.0/16`, `2001:db8::/32`). */
interface Network {
  readonly address: string
  readonly prefix: number
  readonly type: 'ipv4' | 'ipv6'
}

/** Null for a text that names no network. */
export function readNetwork(text: string): Network | null {
  const [, address = '', length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return null
  const most = version === 4 ? 32 : 128
  const prefix = length === undefined ? most : Number(length)
  return prefix > most ? null : { address, prefix, type: version === 4 ? 'ipv4' : 'ipv6' }
}

/** The networks that are named, as one question. What names none is left out, so that it lets nobody in. */
export function inNetworks(texts: readonly string[]): InNetworks {
  const all = new BlockList()
  for (const text of texts) {
    const network = readNetwork(text)
    if (network !== null) all.addSubnet(network.address, network.prefix, network.type)
  }
  return (address) => {
    const version = isIP(address)
    // An address of version 4 that came over version 6 (`::ffff:10.1.0.1`) is found in networks of both.
    return version !== 0 && all.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}

/** An import from one of our files to another, both as paths from the root. */
export interface Arrow {
  readonly from: string
  readonly to: string
}

/** Which room a file belongs to, at the height of a picture; null leaves it out. */
export type RoomOf = (path: string) => string | null

/** The houses: one box for each part, one for each subgraph. */
export const houseOf: RoomOf = (path) => {
  const subgraph = /^subgraphs\/(?:connectors\/([a-z]+)\/|([a-z]+)\/)/.exec(path)
  if (subgraph !== null)
    return `subgraphs/${subgraph[1] === undefined ? (subgraph[2] ?? '') : `connectors/${subgraph[1]}`}`
  return /^(platform|schema|gateway|sandbox|scripts)\//.exec(path)?.[1] ?? null
}

/** The rooms of the gateway; a file that stands by itself is a room. */
export const gatewayRoomOf: RoomOf = (path) => /^gateway\/([a-z-]+)(?:\/|\.ts$)/.exec(path)?.[1] ?? null

/** The arrows between rooms as Mermaid text, each once, in the order of names. */
export function picture(arrows: readonly Arrow[], roomOf: RoomOf): string {
  const drawn = new Set<string>()
  for (const { from, to } of arrows) {
    const [source, target] = [roomOf(from), roomOf(to)]
    if (source !== null && target !== null && source !== target) drawn.add(`  ${name(source)} --> ${name(target)}`)
  }
  return ['flowchart TD', ...[...drawn].sort()].join('\n')
}

/** Slashes are not allowed in Mermaid's names, but in their labels. */
function name(room: string): string {
  return room.includes('/') ? `${room.replaceAll('/', '_')}["${room}"]` : room
}

/** The page with the pictures between its marks drawn anew. */
export function redrawn(page: string, pictures: ReadonlyMap<string, string>): string {
  let text = page
  for (const [mark, drawing] of pictures) {
    const [open, close] = [`<!-- ${mark}: printed by npm run compose -->`, `<!-- end of ${mark} -->`]
    const [start, end] = [text.indexOf(open), text.indexOf(close)]
    if (start < 0 || end < start) throw new Error(`the page has no place for ${mark}`)
    text = `${text.slice(0, start + open.length)}\n\`\`\`mermaid\n${drawing}\n\`\`\`\n${text.slice(end)}`
  }
  return text
}

/** The most that is indexed of one title. */
const MOST = 200

/**
 * Every pair of neighbouring letters, in lower case. Chinese is written without spaces, and PostgreSQL's own search takes a whole
 * run of it for one word: pairs find any part of a title by an index.
 */
export function titleBigrams(title: string): readonly string[] {
  const found = new Set<string>()
  for (const word of title.toLowerCase().split(/\s+/)) {
    const letters = Array.from(word)
    for (let at = 0; at + 1 < letters.length && found.size < MOST; at++)
      found.add(`${letters[at] ?? ''}${letters[at + 1] ?? ''}`)
  }
  return [...found]
}

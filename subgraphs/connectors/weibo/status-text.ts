import { refuse } from '../../../schema/refuse.js'

const MOST_CHARACTERS = 140

/**
 * The text of a post, by the network's rules, checked before anything is sent: no topic between two #, at most 140 characters
 * with the link (each counted as one: however Latin letters are counted there, it fits), and no link but to our own domains.
 */
export function statusText(words: string, url: string, safeDomains: readonly string[]): string {
  const text = words.includes(url) ? words.trim() : `${words.trim()} ${url}`.trim()
  if (/[#＃][^#＃]*[#＃]/.test(text))
    throw wrong('the network lets no app post a #topic#: let the influencer type it there')
  if (/[\p{Cc}]/u.test(text.replace(/\n/g, ''))) throw wrong('a post holds no control characters')
  const length = text.length
  if (length > MOST_CHARACTERS)
    throw wrong(`with its link a post has at most ${MOST_CHARACTERS} characters, got ${length}`)
  for (const link of linksIn(text))
    if (!isSafe(link, safeDomains)) throw wrong(`a post may link to ${safeDomains.join(', ')} only`)
  return text
}

/** A text without its links: the network may show them shortened, the words stay. */
export function wordsOf(text: string): string {
  return text.replace(LINK, '').replace(/\s+/g, ' ').trim()
}

const LINK = /(?:https?:\/\/|www\.)[^\s]+/gi

function linksIn(text: string): readonly string[] {
  return text.match(LINK) ?? []
}

function isSafe(link: string, safeDomains: readonly string[]): boolean {
  const address = /^https?:/i.test(link) ? link : `http://${link}`
  if (!URL.canParse(address)) return false
  const { hostname, username } = new URL(address)
  return username === '' && safeDomains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}

function wrong(message: string): Error {
  return refuse('BAD_USER_INPUT', message, { details: { place: 'text' } })
}

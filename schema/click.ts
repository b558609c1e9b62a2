import { createHmac, timingSafeEqual } from 'node:crypto'
import { text } from '../platform/decode.js'
import { globalId, idOf } from './ids.js'
import { refuse } from './refuse.js'

/** What an exclusive link promises: who sends buyers, in which campaign, to which product, since when. */
export interface LinkTerms {
  readonly campaign: string
  readonly influencer: string
  readonly product: string
  /** The instant the link was taken; the tag holds whole seconds. */
  readonly takenAt: Date
}

/** A click as it travels in a sale page's address: which link, which click, when. Nothing in it tells of a person. */
export interface Click {
  /** A `TrackedLink:…` id. */
  readonly link: string
  /** The key under which campaigns keeps the click and its evidence. */
  readonly click: string
  readonly at: Date
}

/** A code in a link's path or a click id is taken apart at dots, so its keys have none. */
const KEY = /^[A-Za-z0-9_~-]{1,64}$/

/** The proof in an exclusive link: HMAC-SHA256 over `campaign|influencer|product|seconds`, its first 16 hex digits. */
export function linkTag(key: Uint8Array, terms: LinkTerms): string {
  const parts = [terms.campaign, terms.influencer, terms.product, String(seconds(terms.takenAt))]
  if (parts.some((part) => part.includes('|'))) throw refuse('BAD_USER_INPUT', 'a part of a link must hold no |')
  return hmac(key, parts.join('|')).slice(0, 16)
}

/** Makes the click id that a sale page hands on to `placeOrder`; `key` is the installation's key for the purpose `link`. */
export function signClick(key: Uint8Array, { link, click, at }: Click): string {
  const parts = [idOf('TrackedLink')(link, 'link').slice('TrackedLink:'.length), click, at.getTime().toString(36)]
  if (!parts.every((part) => KEY.test(part))) throw refuse('BAD_USER_INPUT', 'the keys of a click must hold no dot')
  return [...parts, clickTag(key, parts)].join('.')
}

/** Reads a click id from outside; one that we did not sign is refused with `CLICK_INVALID`. */
export function readClick(key: Uint8Array, value: unknown): Click {
  const parts = text(value, 'clickId', { most: 200 }).split('.')
  const [link, click, at, tag] = parts
  if (parts.length !== 4 || link === undefined || click === undefined || at === undefined || tag === undefined)
    throw invalid()
  if (!sameText(tag, clickTag(key, [link, click, at]))) throw invalid()
  return { link: globalId('TrackedLink', link), click, at: new Date(parseInt(at, 36)) }
}

/** Compares two texts without telling by its time how much of them is alike. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The word in front keeps a click's tag from ever being a link's. */
function clickTag(key: Uint8Array, parts: readonly string[]): string {
  return hmac(key, ['click', ...parts].join('|')).slice(0, 32)
}

function hmac(key: Uint8Array, message: string): string {
  return createHmac('sha256', key).update(message).digest('hex')
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

function invalid(): Error {
  return refuse('CLICK_INVALID', 'the click id was not made by us')
}

/** What programs that are open about it call themselves; a link preview of a social network is one of them. Cubot makes telephones. */
const NAMES =
  /(?<!cu)bot\b|crawl|spider|slurp|preview|fetcher|scrapy|headless|phantomjs|python-|aiohttp|httpx|go-http-client|libwww|facebookexternalhit|whatsapp\/|monitor|uptime/i

/** Headers by which browsers say that they fetch ahead, for nobody yet. */
const AHEAD = ['purpose', 'x-purpose', 'sec-purpose', 'x-moz'] as const

/**
 * Whether a request at a link's door is plainly no person's click. One who pretends well is not caught here: that is for the
 * audit. `curl` passes, since it is how people try a link by hand.
 */
export function isBot(method: string, headers: ReadonlyMap<string, string>): boolean {
  if (method !== 'GET') return true
  if (AHEAD.some((name) => /prefetch|preview|prerender/i.test(headers.get(name) ?? ''))) return true
  return NAMES.test(headers.get('user-agent') ?? '')
}

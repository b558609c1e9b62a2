import { fields, whole, type Fields } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import { campaignsEvent, CAMPAIGNS } from '../../../schema/events/campaigns.js'
import type { Connector, Errand, Fact } from '../connector.js'
import { figuresPoll } from './flow/poll-figures.js'
import type { Parts } from './flow/parts.js'
import { sendPost } from './flow/send-post.js'
import { keepLinks } from './store/links.js'
import { SCHEMA } from './store/migrations.js'
import { markMissed, saveFigures } from './store/posts.js'

/** Left out of so many answers in a row, a post is taken to be deleted: ids are also left out for no reason. */
const MOST_MISSED = 5

/** Posts go out by errands, figures come in by a poll. The network tells nothing by itself, so there is no door. */
export function weiboConnector(parts: Parts): Connector {
  return {
    partner: SCHEMA,
    polls: [figuresPoll(parts)],
    told: keepFigures,
    follow: {
      topics: [CAMPAIGNS],
      hear: async (tx, _topic, events) => {
        await keepLinks(tx, events.flatMap(linkIn))
        return []
      },
      run: (errand: Errand) => sendPost(parts, errand.key),
    },
  }
}

function linkIn(value: unknown) {
  const event = campaignsEvent(value)
  return event?.kind === 'campaigns.linkTaken' ? [event] : []
}

async function keepFigures(tx: Database, news: readonly Fact[]): Promise<readonly Errand[]> {
  const bodies = news.map(({ body }) => fields(body, 'fact'))
  const missed = bodies.filter((body) => body['missing'] === true)
  const found = bodies.filter((body) => body['missing'] !== true)
  await markMissed(tx, missed.map(midOf), MOST_MISSED)
  await saveFigures(tx, found.map(figuresIn), new Date(Math.max(...news.map(({ version }) => version))))
  return []
}

function midOf(body: Fields): string {
  return String(body['mid'])
}

function figuresIn(body: Fields) {
  const figure = (name: string): number => whole(body[name], `fact.${name}`, { least: 0 })
  return { mid: midOf(body), reposts: figure('reposts'), comments: figure('comments'), likes: figure('likes') }
}

import type { Ask } from '../../schema/ask.js'
import type { Role } from '../../schema/identity.js'
import { askShop } from '../client/ask-shop.js'
import type { Shop } from '../start/shop.js'
import { INFLUENCERS, NICKNAMES } from './lines.js'

/** Somebody of the demo: an id, a name to be called by, and a voice at the endpoint. */
export interface Player {
  readonly id: string
  readonly nickname: string
  readonly ask: Ask
}

/** Everybody who plays in the demo; each speaks through the endpoint with a token of his own. */
export interface Cast {
  readonly host: Player
  readonly operator: Player
  readonly manager: Player
  readonly viewers: readonly Player[]
  readonly influencers: readonly Player[]
}

const DAY_SECONDS = 86_400

export async function gatherCast(shop: Shop): Promise<Cast> {
  const player = async (key: string, nickname: string, ...roles: readonly Role[]): Promise<Player> => {
    const id = `Member:${key}`
    const token = await shop.token({ sub: id, roles: ['member', ...roles] }, 365 * DAY_SECONDS)
    return { id, nickname, ask: askShop({ url: `${shop.url}/graphql`, token }) }
  }
  return {
    host: await player('demo-host', '主播小夏', 'host'),
    operator: await player('demo-operator', '运营', 'operator', 'merchant'),
    manager: await player('demo-manager', '活动组', 'campaign-manager'),
    viewers: await Promise.all(NICKNAMES.map((name, at) => player(`demo-${at + 1}`, name))),
    influencers: await Promise.all(INFLUENCERS.map((name, at) => player(`demo-star-${at + 1}`, name, 'influencer'))),
  }
}

/** The whole cast in one row. */
export function everybody({ host, operator, manager, viewers, influencers }: Cast): readonly Player[] {
  return [host, operator, manager, ...viewers, ...influencers]
}

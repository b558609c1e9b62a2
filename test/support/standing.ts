import type { Migration } from '../../platform/db/migrate.js'
import { migrations as ofCampaigns } from '../../subgraphs/campaigns/store/migrations.js'
import { MIGRATIONS as ofCatalog } from '../../subgraphs/catalog/store/migrations.js'
import { migrations as ofKuaishou } from '../../subgraphs/connectors/kuaishou/store/migrations.js'
import { migrations as ofWebhooks } from '../../subgraphs/connectors/webhooks/store/migrations.js'
import { migrations as ofWeibo } from '../../subgraphs/connectors/weibo/store/migrations.js'
import { MIGRATIONS as ofMembers } from '../../subgraphs/members/store/migrations.js'
import { migrations as ofOrders } from '../../subgraphs/orders/store/migrations.js'
import { MIGRATIONS as ofRooms } from '../../subgraphs/rooms/store/migrations.js'

/** A schema that stands migrated in the databases of a suite. */
export interface Standing {
  readonly schema: string
  readonly migrations: readonly Migration[]
}

export const CAMPAIGNS: Standing = { schema: 'campaigns', migrations: ofCampaigns }
export const CATALOG: Standing = { schema: 'catalog', migrations: ofCatalog }
export const KUAISHOU: Standing = { schema: 'kuaishou', migrations: ofKuaishou }
export const MEMBERS: Standing = { schema: 'members', migrations: ofMembers }
export const ORDERS: Standing = { schema: 'orders', migrations: ofOrders }
export const ROOMS: Standing = { schema: 'rooms', migrations: ofRooms }
export const WEBHOOKS: Standing = { schema: 'webhooks', migrations: ofWebhooks }
export const WEIBO: Standing = { schema: 'weibo', migrations: ofWeibo }

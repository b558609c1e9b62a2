import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import { personalWith, type Personal } from '../../platform/personal.js'
import type { Secrets } from '../../platform/secret.js'
import { toldAddresses, type ToldAddresses } from '../../schema/address.js'
import { CAMPAIGNS } from '../../schema/events/campaigns.js'
import { idOf } from '../../schema/ids.js'
import { forgetKeys } from '../host/forget-keys.js'
import { buildFederatedSubgraph } from '../host/graph/federated-schema.js'
import type { Ground, Subgraph } from '../host/subgraph.js'
import { keepAddress, removeAddress } from './flow/add-address.js'
import { startAddressRounds } from './flow/address-rounds.js'
import { bindMerchant } from './flow/bind-merchant.js'
import { consumeOrders, watchReminders } from './flow/consume-orders.js'
import { ensureMembers } from './flow/ensure-members.js'
import { startForgetting } from './flow/forget-reminders.js'
import { takePrizes } from './flow/take-prizes.js'
import { loaders } from './graph/loaders.js'
import {
  ECardEntryResolver,
  ECardResolver,
  MemberResolver,
  memberOrStranger,
  PlusResolver,
} from './graph/member-resolver.js'
import { ReminderResolver } from './graph/reminder-resolver.js'
import { MerchantResolver } from './graph/merchant-resolver.js'
import type { MembersContext } from './graph/members-context.js'
import { pageEntries } from './store/e-card-rows.js'
import { pagePeriods } from './store/member-rows.js'
import { pageReminders } from './store/reminder-rows.js'
import { MIGRATIONS, SCHEMA } from './store/migrations.js'

/** Who is who: members, their PLUS, their e-card and their addresses, which are sealed by a key of the secrets. */
export function members({ secrets }: { readonly secrets: Secrets }): Subgraph {
  return {
    name: SCHEMA,
    migrations: MIGRATIONS,
    schema: buildFederatedSubgraph({
      resolvers: [MemberResolver, MerchantResolver, PlusResolver, ECardResolver, ECardEntryResolver, ReminderResolver],
      references: {
        Member: ({ id }, { loaders }: MembersContext) => memberOrStranger(idOf('Member')(id, 'id'), loaders),
      },
    }),
    start: (ground) =>
      Promise.resolve(
        running(ground, {
          personal: personalWith(secrets.key('member-address'), ground.chance),
          told: toldAddresses(secrets, ground.chance),
        }),
      ),
  }
}

/** What addresses are kept with, and what they are told with. */
interface Seals {
  readonly personal: Personal
  readonly told: ToldAddresses
}

function running(ground: Ground, seals: Seals): Awaited<ReturnType<Subgraph['start']>> {
  const { db, clock, chance } = ground
  const relay = startRelay({ ...ground, schema: SCHEMA })
  const wake = (): void => relay.wake()
  const stopReading = consume({
    ...ground,
    ...{ schema: SCHEMA, consumer: SCHEMA, topic: CAMPAIGNS },
    async apply(tx, events) {
      await takePrizes(tx, events, clock)
      wake()
    },
  })
  const stopHearing = consumeOrders(ground)
  const stopForgetting = startForgetting(ground)
  const stopAddressRounds = startAddressRounds({ ...ground, ...seals, wake })
  const cancelForgetting = forgetKeys(ground, SCHEMA)
  const flow: MembersContext['flow'] = {
    ensureMembers: (who, named) => ensureMembers({ db, clock, wake }, who, named),
    bindMerchant: (who, asked) => bindMerchant({ db, clock, wake }, who, asked),
    addAddress: (who, asked) => keepAddress({ db, clock, wake, chance, ...seals }, who, asked),
    removeAddress: (who, id) => removeAddress({ db, clock, wake }, who, id),
    pageEntries: (account, page) => pageEntries(db, account, page),
    watchReminders: (member) => watchReminders(ground.bus, member),
    pageReminders: (member, page) => pageReminders(db, member, page),
    pagePeriods: (member, page) => pagePeriods(db, member, page),
    isToCome: (instant) => instant > clock.now(),
  }
  return {
    context: (who): MembersContext => ({ who, flow, loaders: loaders(db, seals.personal) }),
    doors: [],
    async stop() {
      cancelForgetting()
      await stopForgetting()
      await stopAddressRounds()
      await stopReading()
      await stopHearing()
      await relay.stop()
    },
  }
}

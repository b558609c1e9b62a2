import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { payload } from '../../host/graph/payload.js'
import { launchStateAt } from '../domain/launch.js'
import { reserveLaunch, scheduleLaunch } from '../flow/launches.js'
import { findLaunches } from '../store/launches.js'
import { LaunchPayload, LaunchType, ReserveLaunchInput, ScheduleLaunchInput } from './launch-types.js'
import type { OrdersContext } from './orders-context.js'

/** New products: scheduled by those who sell them, reserved by members. */
@Resolver()
export class LaunchResolver {
  @Query(() => LaunchType, { nullable: true, description: 'A launch by its id.' })
  launch(@Arg('id', () => ID) id: string, @Ctx() context: OrdersContext): Promise<LaunchType | null> {
    return launchNow(context, idOf('Launch')(id, 'id'))
  }

  @Mutation(() => LaunchPayload, {
    description: 'Says when a product goes on sale: before, it is not sold. For merchants of its seller and operators.',
  })
  scheduleLaunch(@Arg('input', () => ScheduleLaunchInput) input: ScheduleLaunchInput, @Ctx() context: OrdersContext) {
    return payload(async () => {
      needRole(context.who, 'merchant', 'operator')
      const id = await scheduleLaunch(context.flow.shop, context.who, {
        product: idOf('Product')(input.productId, 'productId'),
        opensAt: input.opensAt,
        allFrom: input.allFrom ?? null,
        remindAt: input.remindAt ?? null,
      })
      return { launch: await launchNow(context, id) }
    })
  }

  @Mutation(() => LaunchPayload, { description: 'Reserves a product that goes on sale. For members.' })
  reserveLaunch(@Arg('input', () => ReserveLaunchInput) input: ReserveLaunchInput, @Ctx() context: OrdersContext) {
    return payload(async () => {
      needRole(context.who, 'member')
      const id = await reserveLaunch(context.flow.shop, context.who, idOf('Launch')(input.launchId, 'launchId'))
      return { launch: await launchNow(context, id) }
    })
  }
}

async function launchNow({ flow }: OrdersContext, id: string): Promise<LaunchType | null> {
  const { db, databaseClock } = flow.shop
  const [launches, at] = await Promise.all([findLaunches(db, [id]), databaseClock(db)])
  const row = launches.get(id)
  if (row === undefined) return null
  const { product: productId, reserved, opens_at: opensAt, all_from: allFrom } = row
  return { id, productId, reserved, opensAt, allFrom, state: launchStateAt(row, at) }
}

import { Field, ID, InputType, Int } from 'type-graphql'
import { list, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { SafeInt } from '../../host/graph/scalars.js'
import type { PartAsked } from '../domain/parts.js'

const KEY = 'Chosen by the client, 1 to 200 characters: asking again with the same key and body changes nothing.'

@InputType('LinePiecesInput', { description: 'Pieces of a line.' })
export class LinePiecesInput {
  @Field(() => ID, { description: 'The line; each is named once.' })
  lineId!: string

  @Field(() => Int, { description: 'How many of its pieces.' })
  quantity!: number
}

@InputType('LinePartInput', { description: 'A part of a line: either pieces, or money while all pieces stay bought.' })
export class LinePartInput {
  @Field(() => ID, { description: 'The line; each is named once.' })
  lineId!: string

  @Field(() => Int, { nullable: true, description: 'How many of its pieces; none: money is named.' })
  quantity?: number | null

  @Field(() => SafeInt, { nullable: true, description: 'How much of its money; none: pieces are named.' })
  amountMinor?: number | null
}

@InputType('CancelOrderLinesInput', { description: 'Pieces of an order to be given up before they leave.' })
export class CancelOrderLinesInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  orderId!: string

  @Field(() => [LinePiecesInput], { description: '1 to 50 lines.' })
  lines!: LinePiecesInput[]

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('RefundOrderLinesInput', {
  description: 'Parts of an order to be refunded while the buyer keeps the goods.',
})
export class RefundOrderLinesInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  orderId!: string

  @Field(() => [LinePartInput], { description: '1 to 50 lines.' })
  lines!: LinePartInput[]

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('ShipParcelInput', { description: 'A parcel that leaves.' })
export class ShipParcelInput {
  @Field(() => ID, { description: 'Which.' })
  parcelId!: string

  @Field(() => String, { description: 'Who carries it.' })
  carrier!: string

  @Field(() => String, { description: 'Its number at the carrier.' })
  waybill!: string
}

@InputType('ReceiveParcelInput', { description: 'A parcel that has arrived.' })
export class ReceiveParcelInput {
  @Field(() => ID, { description: 'Which.' })
  parcelId!: string
}

/** Reads what is to be undone: of each line pieces or money, and not both. */
export function readParts(lines: readonly LinePartInput[]): readonly PartAsked[] {
  list(lines, 'lines', (line) => line, { most: 50 })
  if (lines.length === 0) throw refuse('BAD_USER_INPUT', 'expected a line', { details: { place: 'lines' } })
  return lines.map(({ lineId, quantity, amountMinor }, at) => {
    const place = `lines[${at}]`
    const line = idOf('OrderLine')(lineId, `${place}.lineId`)
    if ((quantity ?? null) === null) {
      const money = whole(amountMinor, `${place}.amountMinor`, { least: 1 })
      return { line, pieces: 0, amountMinor: money }
    }
    if ((amountMinor ?? null) !== null)
      throw refuse('BAD_USER_INPUT', 'expected pieces or money, got both', { details: { place } })
    return { line, pieces: whole(quantity, `${place}.quantity`, { least: 1 }), amountMinor: null }
  })
}

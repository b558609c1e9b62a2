import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql'
import { json, list, misread, text, whole } from '../../../platform/decode.js'

/** Where a page of a connection begins and ends. */
@Directive('@shareable')
@ObjectType('PageInfo', { description: 'Where this page stands in the whole list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether something stands before this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge; give it as `after` to go on.' })
  endCursor!: string | null
}

/** The arguments of every connection: `@Args(() => PageArgs) page: PageArgs`. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: 'How many at most, from 1 to 100.' })
  first!: number

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  after?: string | null
}

/** A part of a cursor: a value of the columns that the list is ordered by. */
export type Key = string | number

/** A page asked for: fetch `limit` rows (one more than is shown) behind the key `after`. */
export interface PageRequest {
  readonly first: number
  readonly limit: number
  readonly after: readonly Key[] | null
}

/** Reads the arguments; a page beyond the bound or a cursor that is not ours is refused. */
export function pageRequest(args: PageArgs, most = 100): PageRequest {
  const first = whole(args.first, 'first', { least: 1, most })
  const after = args.after === null || args.after === undefined ? null : readCursor(args.after)
  return { first, limit: first + 1, after }
}

/** A page as the resolver gives it. */
export interface Page<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[]
  readonly pageInfo: PageInfo
}

/** Makes a page of up to `limit` rows, each known by the values that the list is ordered by. */
export function pageOf<Item>(
  rows: readonly Item[],
  request: PageRequest,
  keyOf: (item: Item) => readonly Key[],
): Page<Item> {
  const edges = rows.slice(0, request.first).map((node) => ({ cursor: cursor(keyOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > request.first,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** The connection class of a type: `const ProductConnection = connectionOf('Product', () => ProductType)`. */
export function connectionOf<Item extends object>(name: string, item: () => ClassType<Item>): ClassType {
  @ObjectType(`${name}Edge`, { description: `One ${name} and its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'The place; opaque.' })
    cursor!: string

    @Field(item, { description: `The ${name}.` })
    node!: Item
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class Connection {
    @Field(() => [Edge], { description: 'What stands on this page.' })
    edges!: readonly Edge[]

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo

    @Field(() => [item()], { description: 'What stands on this page, without the places.' })
    nodes(): readonly Item[] {
      return this.edges.map(({ node }) => node)
    }
  }
  return Connection
}

/** The opaque text of a place in a list. */
export function cursor(key: readonly Key[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function readCursor(value: string): readonly Key[] {
  const written = Buffer.from(text(value, 'after', { most: 1000 }), 'base64url').toString()
  return list(json(written, 'after'), 'after', key, { most: 5 })
}

function key(value: unknown, place: string): Key {
  if (typeof value !== 'string' && typeof value !== 'number') throw misread(place, 'a cursor of this list', value)
  return value
}

import { fields, flag, instant, list, maybe, text, whole, type Fields } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'
import type { Delivery } from '../regions.js'

/** The topic on which catalog tells. */
export const CATALOG = 'catalog'

interface Told {
  /** Made from the fact, so that telling it twice is telling it once. */
  readonly id: string
  /** ISO text. */
  readonly at: string
}

/** A product was created or is described in another way now; the highest version is the newest. */
export interface ProductChanged extends Told {
  readonly kind: 'catalog.productChanged'
  readonly product: string
  readonly version: number
  readonly seller: string
  readonly selfOperated: boolean
  readonly title: string
  readonly handle: string
  readonly published: boolean
}

/** What a seller's feed says of a variant, told when it changed; the highest version is the newest. */
export interface VariantFed extends Told {
  readonly kind: 'catalog.variantFed'
  readonly product: string
  readonly variant: string
  readonly version: number
  readonly currency: string
  readonly priceMinor: number
  readonly compareAtMinor: number | null
  /** How many may be sold from now on; null when the feed says the same as the last time, so that what was sold meanwhile stays sold. */
  readonly quantity: number | null
  /** The product's title, and the variant's own behind it when it has one. */
  readonly title: string
  readonly sku: string | null
  readonly seller: string
  readonly selfOperated: boolean
  /** The address of its picture. */
  readonly image: string | null
}

/** A host picked a product of the pool on these terms, or (null) sells it on none of its own any more; the highest version is the newest. */
export interface PoolPicked extends Told {
  readonly kind: 'catalog.poolPicked'
  readonly product: string
  readonly host: string
  readonly version: number
  /** What the host earns of a sale, in hundredths of a percent. */
  readonly commissionBp: number | null
}

/** A product is delivered to these regions from now on, by the rule of `schema/regions.ts`; the highest version is the newest. */
export interface DeliverySet extends Told, Delivery {
  readonly kind: 'catalog.deliverySet'
  readonly product: string
  readonly version: number
}

/** A product was approved for the pool, or is so no longer; the highest version is the newest. */
export interface PoolChanged extends Told {
  readonly kind: 'catalog.poolChanged'
  readonly product: string
  readonly version: number
  readonly approved: boolean
  /** How good it is; null unless it is approved. */
  readonly grade: string | null
}

/** A partner selected a product for the page of a quality session, or it stands there no longer; the highest version of a session's product is the newest. */
export interface QualityGoodChanged extends Told {
  readonly kind: 'catalog.qualityGoodChanged'
  readonly session: string
  readonly partner: string
  readonly product: string
  readonly version: number
  readonly selected: boolean
}

export type CatalogEvent = ProductChanged | VariantFed | PoolPicked | DeliverySet | PoolChanged | QualityGoodChanged

/** Reads an event of this topic; null when its kind is not one that this version knows. */
export function catalogEvent(value: unknown): CatalogEvent | null {
  const it = fields(value, 'event')
  const told = { id: text(it['id'], 'event.id'), at: instant(it['at'], 'event.at').toISOString() }
  switch (it['kind']) {
    case 'catalog.productChanged':
      return { kind: it['kind'], ...told, ...productChanged(it) }
    case 'catalog.variantFed':
      return { kind: it['kind'], ...told, ...variantFed(it) }
    case 'catalog.poolPicked':
      return {
        kind: it['kind'],
        ...told,
        product: idOf('Product')(it['product'], 'event.product'),
        host: idOf('Member')(it['host'], 'event.host'),
        version: whole(it['version'], 'event.version', { least: 1 }),
        commissionBp: maybe(it['commissionBp'], 'event.commissionBp', (bp, at) =>
          whole(bp, at, { least: 0, most: 10_000 }),
        ),
      }
    case 'catalog.deliverySet':
      return {
        kind: it['kind'],
        ...told,
        product: idOf('Product')(it['product'], 'event.product'),
        version: whole(it['version'], 'event.version', { least: 1 }),
        only: list(it['only'], 'event.only', text),
        except: list(it['except'], 'event.except', text),
      }
    case 'catalog.poolChanged':
      return {
        kind: it['kind'],
        ...told,
        product: idOf('Product')(it['product'], 'event.product'),
        version: whole(it['version'], 'event.version', { least: 1 }),
        approved: flag(it['approved'], 'event.approved'),
        grade: maybe(it['grade'], 'event.grade', text),
      }
    case 'catalog.qualityGoodChanged':
      return {
        kind: it['kind'],
        ...told,
        session: idOf('QualitySession')(it['session'], 'event.session'),
        partner: text(it['partner'], 'event.partner'),
        product: idOf('Product')(it['product'], 'event.product'),
        version: whole(it['version'], 'event.version', { least: 1 }),
        selected: flag(it['selected'], 'event.selected'),
      }
    default:
      return null
  }
}

function productChanged(it: Fields): Omit<ProductChanged, keyof Told | 'kind'> {
  return {
    product: idOf('Product')(it['product'], 'event.product'),
    version: whole(it['version'], 'event.version', { least: 1 }),
    seller: text(it['seller'], 'event.seller'),
    selfOperated: flag(it['selfOperated'], 'event.selfOperated'),
    title: text(it['title'], 'event.title'),
    handle: text(it['handle'], 'event.handle'),
    published: flag(it['published'], 'event.published'),
  }
}

function variantFed(it: Fields): Omit<VariantFed, keyof Told | 'kind'> {
  return {
    product: idOf('Product')(it['product'], 'event.product'),
    variant: idOf('Variant')(it['variant'], 'event.variant'),
    version: whole(it['version'], 'event.version', { least: 1 }),
    currency: currency(it['currency'], 'event.currency'),
    priceMinor: whole(it['priceMinor'], 'event.priceMinor', { least: 0 }),
    compareAtMinor: maybe(it['compareAtMinor'], 'event.compareAtMinor', (minor, at) => whole(minor, at, { least: 0 })),
    quantity: maybe(it['quantity'], 'event.quantity', (pieces, at) => whole(pieces, at, { least: 0 })),
    title: text(it['title'], 'event.title'),
    sku: maybe(it['sku'], 'event.sku', text),
    seller: text(it['seller'], 'event.seller'),
    selfOperated: flag(it['selfOperated'], 'event.selfOperated'),
    image: maybe(it['image'], 'event.image', text),
  }
}

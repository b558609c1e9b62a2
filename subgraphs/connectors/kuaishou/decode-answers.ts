import { fields, list, maybe, misread, text, whole } from '../../../platform/decode.js'

/** An id of the partner: a whole number in JSON, however long, or a text of digits; always a text behind this. */
export function id(value: unknown, place: string): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value.toString()
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return value
  throw misread(place, 'an id of digits', value)
}

/** Fen. */
export function fen(value: unknown, place: string): number {
  return whole(value, place, { least: 0 })
}

/** A SKU as the partner shows it. */
export interface RemoteSku {
  readonly kwaiSku: string
  readonly relSku: string
  readonly priceMinor: number
  readonly stock: number
}

/** An item as the partner shows it. */
export interface RemoteItem {
  readonly kwaiItem: string
  readonly relItem: string
  readonly title: string
  readonly onShelf: boolean
  /** When it was changed last, as the partner writes times. */
  readonly changed: number
  readonly skus: readonly RemoteSku[]
}

/** Reads an item of the partner. */
export function remoteItem(value: unknown, place = 'item'): RemoteItem {
  const it = fields(value, place)
  return {
    kwaiItem: id(it['kwaiItemId'], `${place}.kwaiItemId`),
    relItem: id(it['relItemId'], `${place}.relItemId`),
    title: text(it['title'], `${place}.title`, { least: 0 }),
    onShelf: it['shelfStatus'] === 1,
    changed: maybe(it['updateTime'], `${place}.updateTime`, whole) ?? 0,
    skus: list(it['skuList'], `${place}.skuList`, remoteSku),
  }
}

function remoteSku(value: unknown, place: string): RemoteSku {
  const it = fields(value, place)
  return {
    kwaiSku: id(it['kwaiSkuId'], `${place}.kwaiSkuId`),
    relSku: id(it['relSkuId'], `${place}.relSkuId`),
    priceMinor: fen(it['skuSalePrice'], `${place}.skuSalePrice`),
    stock: whole(it['skuStock'], `${place}.skuStock`),
  }
}

/** What OAuth gives. */
export interface Granted {
  readonly access: string
  readonly refresh: string
  readonly accessSeconds: number
  readonly refreshSeconds: number
}

/** Reads what OAuth gave. */
export function granted(value: unknown): Granted {
  const it = fields(value, 'grant')
  return {
    access: text(it['access_token'], 'grant.access_token'),
    refresh: text(it['refresh_token'], 'grant.refresh_token'),
    accessSeconds: whole(it['expires_in'], 'grant.expires_in', { least: 1 }),
    refreshSeconds: whole(it['refresh_token_expires_in'], 'grant.refresh_token_expires_in', { least: 1 }),
  }
}

/** A page of a list: its rows, and the cursor behind it; null after "nomore". */
export interface RemotePage {
  readonly rows: readonly unknown[]
  readonly after: string | null
}

/** Reads a page whose rows and cursor bear these names. */
export function remotePage(value: unknown, names: { readonly rows: string; readonly cursor: string }): RemotePage {
  const it = fields(value, 'page')
  const cursor = text(it[names.cursor], `page.${names.cursor}`, { least: 0 })
  return {
    rows: maybe(it[names.rows], `page.${names.rows}`, (rows, place) => list(rows, place, (row) => row)) ?? [],
    after: cursor === 'nomore' || cursor === '' ? null : cursor,
  }
}

import type { Transform } from 'node:stream'
import { brotliDecompress, createBrotliDecompress, createGunzip, createInflate, gunzip, inflate } from 'node:zlib'
import { Failure } from '../failure.js'
import { CALL_FAILURES } from './call.js'

/** How bytes may be packed on their way (RFC 9110, "Content Codings"); one coding, never one in another. */
export type Packing = 'gzip' | 'deflate' | 'br'

const STREAMS = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress } as const

type UnpackWhole = (
  packed: Buffer,
  bounds: { readonly maxOutputLength: number },
  done: (error: Error | null, whole: Buffer) => void,
) => void
const WHOLE: Readonly<Record<Packing, UnpackWhole>> = { gzip: gunzip, deflate: inflate, br: brotliDecompress }

/** What a `content-encoding` says: null for bytes as they are, `unknown` for what is not unpacked here. */
export function packingOf(header: string | undefined | null): Packing | 'unknown' | null {
  const coding = header?.trim().toLowerCase()
  if (coding === undefined || coding === '' || coding === 'identity') return null
  if (coding === 'x-gzip') return 'gzip'
  return coding === 'gzip' || coding === 'deflate' || coding === 'br' ? coding : 'unknown'
}

/** Unpacks as the bytes come; whoever reads it counts them. */
export function unpacking(packing: Packing): Transform {
  return STREAMS[packing]()
}

/** Unpacks what is here already, off the event loop, and never to more than `mostBytes`. */
export function unpacked(packed: Buffer, packing: Packing, mostBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    WHOLE[packing](packed, { maxOutputLength: mostBytes }, (error, whole) => {
      if (error === null) resolve(whole)
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
        reject(new Failure(CALL_FAILURES.tooLarge, `the answer unpacks to more than ${mostBytes} bytes`))
      else reject(error)
    })
  })
}

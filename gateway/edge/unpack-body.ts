import { Transform, type Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Failure } from '../../platform/failure.js'
import { packingOf, unpacking, type Packing } from '../../platform/http/unpack.js'

/** A hook that stands before a body is read. */
export type UnpackBody = (request: FastifyRequest, reply: unknown, body: Readable) => Promise<Readable>

/**
 * A compressed body -> its bytes, as they come, never more than `mostBytes` on either side: a bomb is cut off at its first bytes
 * over the limit, and so is a stream that unpacks to nothing without end.
 */
export function unpackBody(mostBytes: number): UnpackBody {
  return (request, _reply, body) => {
    const packing = packingOf(request.headers['content-encoding'])
    if (packing === null) return Promise.resolve(body)
    if (packing === 'unknown')
      return Promise.reject(
        new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body may be compressed once, with gzip, deflate or br'),
      )
    return Promise.resolve(bounded(body, packing, mostBytes))
  }
}

function bounded(body: Readable, packing: Packing, mostBytes: number): Readable {
  const opener = unpacking(packing)
  // Fastify compares `receivedEncodedLength` with the length that the request named.
  const whole = Object.assign(counting(mostBytes), { receivedEncodedLength: 0 })
  const giveUp = (failure: Failure): void => {
    body.unpipe(opener)
    body.resume() // the rest is read and thrown away, so that the refusal can be heard
    opener.destroy()
    whole.destroy(failure)
  }
  body.on('data', (chunk: Buffer) => {
    whole.receivedEncodedLength += chunk.length
    if (whole.receivedEncodedLength > mostBytes && !whole.destroyed) giveUp(tooLarge())
  })
  body.once('error', () => giveUp(new Failure('BAD_REQUEST', 'the body ended early')))
  opener.once('error', (cause) => giveUp(new Failure('BAD_REQUEST', 'the body cannot be unpacked', { cause })))
  whole.once('error', (error) => giveUp(error instanceof Failure ? error : tooLarge()))
  body.pipe(opener).pipe(whole)
  return whole
}

function counting(mostBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > mostBytes) done(tooLarge())
      else done(null, chunk)
    },
  })
}

function tooLarge(): Failure {
  return new Failure('REQUEST_TOO_LARGE', 'the body unpacks to more than the limit')
}

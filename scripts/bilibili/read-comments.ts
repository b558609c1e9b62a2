import { createReadStream } from 'node:fs'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { Failure } from '../../platform/failure.js'

/** A comment of a recorded evening. */
export interface RecordedComment {
  /** From the start of the recording; below zero for who came before. */
  readonly offsetMs: number
  /** The recording's own name for who wrote it. */
  readonly user: string
  readonly text: string
}

/** The comments of a recording in the order of their offsets, and the lines that could not be read. */
export interface Recording {
  readonly comments: readonly RecordedComment[]
  readonly unreadable: readonly number[]
}

const MOST_COMMENTS = 1_000_000
const MOST_CHARACTERS = 10_000

/** Reads Bilibili's XML: `<d p="offset,kind,size,colour,time,pool,user,id">text</d>`. The file has no order of its own. */
export async function readComments(file: string): Promise<Recording> {
  const comments: RecordedComment[] = []
  const unreadable: number[] = []
  const parser = new SaxesParser()
  let open: { readonly p: string; readonly line: number } | null = null
  let text = ''
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (tag.name !== 'd') return
    open = { p: tag.attributes['p'] ?? '', line: parser.line }
    text = ''
  })
  const more = (piece: string): void => {
    if (open !== null && text.length < MOST_CHARACTERS) text += piece
  }
  parser.on('text', more)
  parser.on('cdata', more)
  parser.on('closetag', (tag) => {
    if (tag.name !== 'd' || open === null) return
    const found = comment(open.p, text)
    if (found === null) unreadable.push(open.line)
    else if (comments.push(found) > MOST_COMMENTS) throw tooMany()
    open = null
  })
  await feed(parser, file)
  return { comments: comments.sort((a, b) => a.offsetMs - b.offsetMs), unreadable }
}

function comment(p: string, text: string): RecordedComment | null {
  const parts = p.split(',')
  const seconds = Number(parts[0] || NaN)
  const user = parts[6]?.trim() ?? ''
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 1e9 || user === '' || user.length > 100) return null
  return { offsetMs: Math.round(seconds * 1000), user, text }
}

async function feed(parser: SaxesParser, file: string): Promise<void> {
  const characters = createReadStream(file, { encoding: 'utf8' })
  parser.on('error', (error) => {
    throw new Failure('BAD_USER_INPUT', `the file is not the XML of a recording: ${error.message}`)
  })
  try {
    for await (const chunk of characters) parser.write(String(chunk))
    parser.close()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new Failure('BAD_USER_INPUT', `there is no file ${file}`, { cause })
    throw cause
  }
}

function tooMany(): Failure {
  return new Failure('BAD_USER_INPUT', `a recording has at most ${MOST_COMMENTS} comments`)
}

import { describe, expect, it } from 'vitest'
import { commentText } from './comment.js'

const refused = (code: string): unknown => expect.objectContaining({ code })

describe('a comment', () => {
  it('is kept without what surrounds it', () => {
    expect(commentText(' \u3000\u200B好看！\n')).toBe('好看！')
    expect(commentText('one\n\ttwo\u0000three')).toBe('one two three')
  })

  it('keeps what holds an emoji together', () => {
    expect(commentText('👨‍👩‍👧 ❤️')).toBe('👨‍👩‍👧 ❤️')
  })

  it.each(['', '   ', '\u200B\u200D', '\u3164', '\u2800\u2800', '\uFE0F', '\u202E', '\u0301'])(
    'is refused when nothing of it can be seen: %j',
    (text) => {
      expect(() => commentText(text)).toThrow(refused('COMMENT_BLANK'))
    },
  )

  it('may have 200 characters, whatever they take in memory, and not one more', () => {
    expect(commentText('好'.repeat(200))).toHaveLength(200)
    expect(Array.from(commentText('😀'.repeat(200)))).toHaveLength(200)
    expect(() => commentText('好'.repeat(201))).toThrow(refused('COMMENT_TOO_LONG'))
    expect(() => commentText(' '.repeat(1_000_000))).toThrow(refused('COMMENT_TOO_LONG'))
  })

  it('cannot turn the text after it, nor bring half a character to the database', () => {
    expect(commentText('a\u202Eb')).toBe('ab')
    expect(commentText('a\uD83Db')).toBe('a\uFFFDb')
  })
})

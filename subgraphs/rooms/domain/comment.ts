import { refuse } from '../../../schema/refuse.js'

/** As many characters (code points) a comment may have. */
export const COMMENT_MOST = 200

/** Shows nothing by itself: white space, controls, zero-width and unassigned signs, lone marks, Hangul fillers, the blank Braille cell. */
const UNSEEN = '\\s\\p{C}\\p{Z}\\p{M}\\u115F\\u1160\\u3164\\uFFA0\\u2800'
const BLANK = new RegExp(`^[${UNSEEN}]*$`, 'u')
const ENDS = /^[\s\p{C}\p{Z}]+|[\s\p{C}\p{Z}]+$/gu
/** Signs that turn the direction of everything after them would reach beyond the comment. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/gu

/** A comment as it is kept: trimmed, on one line, storable; refused when it says nothing or too much. */
export function commentText(raw: string): string {
  // Nothing that long becomes short by trimming its ends in good faith; the cap keeps the patterns below cheap.
  if (raw.length > COMMENT_MOST * 20) throw tooLong()
  const kept = raw
    .replace(TURNING, '')
    .replace(/\p{Cs}/gu, '\uFFFD') // half a surrogate pair is no text to any database
    .replace(ENDS, '')
    .replace(/\p{Cc}+/gu, ' ')
  if (BLANK.test(kept)) throw refuse('COMMENT_BLANK', 'the comment has nothing that can be seen')
  if (Array.from(kept).length > COMMENT_MOST) throw tooLong()
  return kept
}

function tooLong(): Error {
  return refuse('COMMENT_TOO_LONG', `a comment is at most ${COMMENT_MOST} characters long`, {
    details: { most: COMMENT_MOST },
  })
}

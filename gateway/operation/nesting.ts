const QUOTE = 0x22
const BACKSLASH = 0x5c
const HASH = 0x23
const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * True when brackets of any kind stand deeper in each other than `most`. One pass over the characters, before any parser that calls
 * itself for each level sees them. Strings are stepped over; `comments` also steps over what follows a `#`, as GraphQL does.
 */
export function nestsDeeper(text: string, most: number, comments: boolean): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === HASH && comments) at = endOfLine(text, at)
    else if (opens(code) && ++depth > most) return true
    else if (closes(code) && depth > 0) depth--
  }
  return false
}

function opens(code: number): boolean {
  return code === 0x7b || code === 0x5b || code === 0x28
}

function closes(code: number): boolean {
  return code === 0x7d || code === 0x5d || code === 0x29
}

/** The place of the closing quote; of the text's end, when there is none. A block string ends at three quotes. */
function endOfString(text: string, at: number): number {
  if (text.startsWith('"""', at)) return endOfBlock(text, at + 3)
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === QUOTE || code === NEWLINE) return end
    if (code === BACKSLASH) end++
  }
  return text.length
}

function endOfBlock(text: string, at: number): number {
  for (let end = text.indexOf('"""', at); end !== -1; end = text.indexOf('"""', end + 1))
    if (text.charCodeAt(end - 1) !== BACKSLASH) return end + 2
  return text.length
}

function endOfLine(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === NEWLINE || code === RETURN) return end
  }
  return text.length
}

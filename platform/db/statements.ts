/** Strings, quoted names, dollar-quoted bodies and comments; a semicolon inside of them ends nothing. */
const PIECE =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^;'"$/\-eE]+|./gs

/** The single statements of a script, since a database takes one at a time. */
export function statements(script: string): readonly string[] {
  const found: string[] = []
  let current = ''
  for (const [piece] of script.matchAll(PIECE)) {
    if (piece !== ';') current += piece.startsWith('--') || piece.startsWith('/*') ? ' ' : piece
    else current = endOf(current, found)
  }
  endOf(current, found)
  return found
}

function endOf(current: string, found: string[]): '' {
  if (current.trim() !== '') found.push(current.trim())
  return ''
}

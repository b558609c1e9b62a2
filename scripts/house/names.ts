import { basename } from 'node:path'

/** Names that say nothing of what a file is. */
const FORBIDDEN = new Set([
  'index',
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'types',
  'constants',
  'manager',
])

/** Above this a file is two. */
const MOST_LINES = 300

/** A file of ours: its path from the root, and its lines. */
export interface SourceFile {
  readonly path: string
  readonly lines: number
}

/** What is wrong with the names and sizes of the files, one sentence each. */
export function misnamed(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, lines }) => {
    const complaints: string[] = []
    const name = basename(path).replace(/\.(test\.)?(ts|mjs|tsx|js)$/, '')
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) complaints.push(`${path}: a file's name is kebab-case`)
    if (FORBIDDEN.has(name)) complaints.push(`${path}: "${name}" does not say what the file is`)
    if (lines > MOST_LINES) complaints.push(`${path}: ${lines} lines; above ${MOST_LINES} it is two files`)
    return complaints
  })
}

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'

const FOLDER = join(projectRoot(), 'test/federation')

const sources = testsIn(FOLDER)

/** The tests of a folder and of all within it. */
function testsIn(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('inventory.test.ts'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/** The ids in the titles of a file's tests. */
function idsIn(text: string): readonly string[] {
  return [...text.matchAll(/['"`](?:MUST|SHOULD|MAY) ([A-Z]\d{3}) /g)].map(([, id = '']) => id)
}

/** What is composed in a file, each once: the arguments of `federated`, and of what in the file hands its own on to it. */
function graphsIn(name: string, text: string): ReadonlySet<string> {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const composing = new Set(['federated'])
  const graphs = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (
      ts.isFunctionDeclaration(node) &&
      node.name &&
      node.parameters.length > 0 &&
      /\bfederated\(/.test(node.getText())
    )
      composing.add(node.name.text)
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && composing.has(node.expression.text)) {
      const [parts] = node.arguments
      if (parts) graphs.add(`${name} ${parts.getText().replaceAll(/\s+/g, ' ')}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return graphs
}

describe('the cases of the specifications', () => {
  it('are at least two hundred, and no id stands twice', () => {
    const ids = ['test', 'gateway', 'platform', 'schema', 'subgraphs', 'sandbox']
      .flatMap((folder) => testsIn(join(projectRoot(), folder)))
      .flatMap(({ text }) => idsIn(text))
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    expect(ids.length).toBeGreaterThanOrEqual(200)
  })

  it('are shown on at least forty-five supergraphs', () => {
    const graphs = sources.flatMap(({ name, text }) => [...graphsIn(name, text)])
    expect(graphs.length).toBeGreaterThanOrEqual(45)
  })
})

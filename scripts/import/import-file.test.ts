import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import type { Ask, Question, Reply } from '../../schema/ask.js'
import { importFile, type ImportReport } from './import-file.js'

const SAMPLE = join(projectRoot(), 'scripts/sample/products.csv')
const consignment = { seller: 'daihuo', selfOperated: true, currency: 'CNY' }

interface Sent {
  readonly input: { readonly seller: string; readonly products: readonly { readonly handle: string }[] }
}

const data = (result: unknown): Promise<Reply> => Promise.resolve({ data: { importProducts: result }, errors: [] })
const sentOf = (question: Question): Sent['input'] => (question.variables as unknown as Sent).input // what `sendBatch` sends

function imported(ask: Ask): { report: Promise<ImportReport>; rows: number[] } {
  const rows: number[] = []
  const watcher = { begin: (total: number) => rows.push(total), add: (count: number) => rows.push(-count) }
  return { report: importFile(SAMPLE, { ask, consignment, watcher }), rows }
}

describe('an import', () => {
  it('sends every product once and counts what became of them', async () => {
    const handles: string[] = []
    const { report, rows } = imported((question) => {
      const { products } = sentOf(question)
      handles.push(...products.map(({ handle }) => handle))
      return data({ errors: [], results: products.map(() => ({ outcome: 'CREATED', errors: [] })) })
    })
    expect((await report).counts).toEqual({ CREATED: 24, UPDATED: 0, UNCHANGED: 0, REFUSED: 0 })
    expect(new Set(handles).size).toBe(24)
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(0)
  })

  it('names the line of what the shop refuses', async () => {
    const refusal = {
      message: 'products[2].variants[1].image must be an http or https address',
      field: 'products[2].variants[1].image',
      code: 'BAD_USER_INPUT',
    }
    const { report } = imported((question) =>
      data({
        errors: [],
        results: sentOf(question).products.map((_, at) =>
          at === 2 ? { outcome: 'REFUSED', errors: [refusal] } : { outcome: 'UNCHANGED', errors: [] },
        ),
      }),
    )
    const { counts, wrong } = await report
    expect([counts.REFUSED, counts.UNCHANGED]).toEqual([1, 23])
    expect(wrong).toEqual([{ line: 7, code: 'BAD_USER_INPUT', reason: 'image must be an http or https address' }])
  })

  it('ends with the reason when the shop refuses the whole batch', async () => {
    const { report } = imported(() =>
      data({ results: null, errors: [{ code: 'BAD_USER_INPUT', message: 'no such currency' }] }),
    )
    await expect(report).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'no such currency' })
  })

  it('ends with the reason when the shop does not answer', async () => {
    const { report } = imported(() =>
      Promise.resolve({ data: null, errors: [{ code: 'FORBIDDEN', message: 'not yours' }] }),
    )
    await expect(report).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

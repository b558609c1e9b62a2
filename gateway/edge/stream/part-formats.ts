import type { PartFormat } from '../../project/part-forms.js'

const FORMATS: readonly PartFormat[] = ['incrementalSpec=v0.2', 'deferSpec=20220824']

/** The form in which a client reads an answer in parts, as its `accept` says; null when it wants one whole answer. */
export function partFormat(accept: string | undefined): PartFormat | null {
  if (accept?.includes('multipart/mixed') !== true) return null
  let best: { readonly format: PartFormat; readonly weight: number } | null = null
  for (const type of accept.split(',')) {
    const format = formatOf(type)
    const weight = format === null ? 0 : weightOf(type)
    if (format !== null && weight > (best?.weight ?? 0)) best = { format, weight }
  }
  return best?.format ?? null
}

function formatOf(type: string): PartFormat | null {
  const [name, ...parameters] = type.split(';').map((part) => part.trim().replaceAll(/["\s]/g, '').toLowerCase())
  if (name !== 'multipart/mixed') return null
  return FORMATS.find((format) => parameters.includes(format.toLowerCase())) ?? null
}

function weightOf(type: string): number {
  const weight = /;\s*q\s*=\s*([0-9.]+)/i.exec(type)?.[1]
  return weight === undefined ? 1 : Number(weight)
}

import { parseArgs } from 'node:util'
import { Failure } from '../failure.js'

/** One setting: where it may come from (a flag goes before the environment), how its text is read, what it is without either. */
export interface Setting<T> {
  /** Without dashes: `port` is `--port 4000`. */
  readonly flag?: string
  readonly env?: string
  /** Reads the text; throws with what was expected. A flag that stands alone (`--reset`) comes as `true`. */
  readonly read: (text: string) => T
  /** A flag without a value. */
  readonly alone?: boolean
  /** A flag that may be given several times: its texts come together, with commas between. */
  readonly many?: boolean
  readonly default: T
  readonly about: string
}

/** The values of a set of settings. */
export type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never }

export interface Sources {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** How many words may stand beside the flags (a file's name). */
  readonly words?: number
}

/** Reads every setting once and reports all wrong ones together. Pure: give it the arguments and the environment. */
export function readSettings<S extends Readonly<Record<string, Setting<unknown>>>>(
  settings: S,
  sources: Sources,
): Values<S> & { readonly words: readonly string[] } {
  const wrong: string[] = []
  const { flags, words } = split(settings, sources, wrong)
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) values[name] = valueOf(setting, flags, sources.env, wrong)
  if (wrong.length > 0) throw new Failure('SETTINGS_WRONG', wrong.join('\n'))
  // Each name of S was given the value that its own `read` or `default` makes.
  return { ...values, words } as Values<S> & { readonly words: readonly string[] }
}

/** The lines of `--help`: each flag, its environment name, its default and what it is for. */
export function helpFor(settings: Readonly<Record<string, Setting<unknown>>>): string {
  const rows = Object.values(settings).map((setting) => {
    const flag = setting.flag === undefined ? '' : `--${setting.flag}${setting.alone === true ? '' : ' …'}`
    const standard = setting.alone === true ? '' : shownDefault(setting.default)
    return [flag, setting.env ?? '', setting.about + standard] as const
  })
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map(([flag, env, about]) => `  ${flag.padEnd(first ?? 0)}  ${env.padEnd(second ?? 0)}  ${about}`)
    .join('\n')
}

function shownDefault(value: unknown): string {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? ` [${value}]` : ''
}

/** A whole number within bounds. */
export function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new Error(`a whole number from ${least} to ${most}`)
    return value
  }
}

/** Any text that is not empty. */
export function anyText(text: string): string {
  if (text === '') throw new Error('a text')
  return text
}

export function anyUrl(text: string): string {
  if (!URL.canParse(text)) throw new Error('a URL')
  return text
}

/** A text that begins with one of the schemes; the rest is for the library that opens it (a socket's path is no URL). */
export function addressOf(...schemes: readonly string[]): (text: string) => string {
  return (text) => {
    if (!schemes.some((scheme) => text.startsWith(`${scheme}://`)))
      throw new Error(`an address like ${schemes.join(':// or ')}://…`)
    return text
  }
}

/** `true` for a flag that stands alone; `1`, `true`, `0`, `false` from the environment. */
export function yesOrNo(text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new Error('true or false')
}

export function oneWordOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((word) => word === text)
    if (found === undefined) throw new Error(`one of ${allowed.join(', ')}`)
    return found
  }
}

/** Texts with commas between. */
export function someTexts(text: string): readonly string[] {
  return text.split(',').map(anyText)
}

/** Null where nothing is given, else read. */
export function optional<T>(read: (text: string) => T): (text: string) => T | null {
  return read
}

function split(settings: Readonly<Record<string, Setting<unknown>>>, { args, words = 0 }: Sources, wrong: string[]) {
  const options = Object.fromEntries(
    Object.values(settings).flatMap(({ flag, alone, many }) =>
      flag === undefined
        ? []
        : [[flag, { type: alone === true ? ('boolean' as const) : ('string' as const), multiple: many === true }]],
    ),
  )
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens)
    if (token.kind === 'option' && !Object.hasOwn(options, token.name))
      wrong.push(`${token.rawName} is not a flag of this command`)
  for (const word of positionals.slice(words)) wrong.push(`"${word}" was not expected here`)
  return { flags: new Map(lastOfEach(values)), words: positionals.slice(0, words) }
}

/** A flag given twice means its last value, but where it may be given several times. */
function lastOfEach(values: Readonly<Record<string, unknown>>): readonly (readonly [string, string | boolean])[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const last: unknown = Array.isArray(value) ? value.join() : value
    return typeof last === 'string' || typeof last === 'boolean' ? [[name, last] as const] : []
  })
}

function valueOf(
  setting: Setting<unknown>,
  flags: ReadonlyMap<string, string | boolean>,
  env: Sources['env'],
  wrong: string[],
): unknown {
  const flag = setting.flag === undefined ? undefined : flags.get(setting.flag)
  const fromEnv = setting.env === undefined ? undefined : env[setting.env]
  const text = flag ?? (fromEnv === '' ? undefined : fromEnv)
  if (text === undefined) return setting.default
  const name = flag === undefined ? (setting.env ?? '') : `--${setting.flag ?? ''}`
  if (text === true && setting.alone !== true) {
    wrong.push(`${name} needs a value`)
    return setting.default
  }
  try {
    return setting.read(String(text))
  } catch (error) {
    wrong.push(
      `${name} must be ${error instanceof Error ? error.message : 'something else'}, got ${JSON.stringify(text)}`,
    )
    return setting.default
  }
}

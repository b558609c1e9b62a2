import { readFileSync } from 'node:fs'
import {
  anyText,
  helpFor,
  oneWordOf,
  optional,
  readSettings,
  someTexts,
  wholeBetween,
  yesOrNo,
  type Sources,
} from '../platform/config/read-settings.js'
import { json } from '../platform/decode.js'
import { Failure } from '../platform/failure.js'
import { LOG_LEVELS } from '../platform/observe/observe.js'
import { secretsFrom, type Secrets } from '../platform/secret.js'
import { gatewayConfig, PROFILES, type GatewayConfig } from './config.js'

const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  supergraph: {
    flag: 'supergraph',
    env: 'SUPERGRAPH',
    read: anyText,
    default: '',
    about: 'the file of the composed supergraph; it is watched',
  },
  manager: {
    flag: 'manager',
    env: 'SUPERGRAPH_MANAGER',
    read: optional(anyText),
    default: null,
    about: 'instead of the file: a module that exports a supergraph manager of @apollo/gateway (docs/gateway.md)',
  },
  config: {
    flag: 'config',
    read: optional(anyText),
    default: null,
    about: 'a JSON file of settings (docs/gateway.md)',
  },
  profile: { flag: 'profile', read: oneWordOf(...PROFILES), default: 'open', about: 'open or strict' },
  host: { flag: 'host', env: 'HOST', read: optional(anyText), default: null, about: 'where it listens' },
  port: {
    flag: 'port',
    env: 'PORT',
    read: optional(wholeBetween(0, 65_535)),
    default: null,
    about: '0 takes a free one',
  },
  include: {
    flag: 'include-tag',
    many: true,
    read: optional(someTexts),
    default: null,
    about: 'shows only what bears this @tag; may be given several times',
  },
  exclude: {
    flag: 'exclude-tag',
    many: true,
    read: optional(someTexts),
    default: null,
    about: 'shows nothing that bears this @tag; may be given several times',
  },
  workers: {
    flag: 'workers',
    env: 'WORKERS',
    read: wholeBetween(1, 256),
    default: 1,
    about: 'processes that share the port; one for each core',
  },
  secret: {
    env: 'DAIHUO_SECRET',
    read: optional(rootSecret),
    default: null,
    about: 'hexadecimal; with it tokens are verified here and requests to subgraphs are signed',
  },
  log: { flag: 'log', env: 'LOG_LEVEL', read: oneWordOf(...LOG_LEVELS), default: 'info', about: LOG_LEVELS.join(', ') },
} as const

/** What the gateway's process is told. */
export interface ProcessSettings {
  readonly help: boolean
  readonly supergraph: string
  readonly manager: string | null
  readonly config: GatewayConfig
  readonly workers: number
  readonly secrets: Secrets | null
  readonly log: (typeof LOG_LEVELS)[number]
}

/** The text of `--help`. */
export const HELP = `npm run gateway -- --supergraph FILE [--port N] [--host H] [--config FILE] [--profile strict] [--workers N]\n\n${helpFor(SETTINGS)}\n`

/** Flags, environment and the settings file, all wrong ones reported together. */
export function processSettings(sources: Sources): ProcessSettings {
  const wrong: string[] = []
  const given = attempt(() => readSettings(SETTINGS, sources), wrong)
  const file = given?.config ?? null
  const changes = file === null ? {} : attempt(() => json(readFileSync(file, 'utf8'), file), wrong)
  const contract = {
    ...(given?.include && { include: given.include }),
    ...(given?.exclude && { exclude: given.exclude }),
  }
  const flags = {
    contract,
    ...(given?.host && { host: given.host }),
    ...(given?.port != null && { port: given.port }),
  }
  // Without a secret the subgraphs are somebody's on a developer's machine, who wants to read their errors.
  const tell = given?.profile === 'open' && given.secret === null ? { tellAll: true } : {}
  const config = attempt(() => gatewayConfig(given?.profile ?? 'open', tell, changes ?? {}, flags), wrong)
  if (given !== null && !given.help && given.supergraph === '' && given.manager === null)
    wrong.push('--supergraph FILE is needed, or --manager MODULE')
  if (given === null || config === null || wrong.length > 0) throw new Failure('SETTINGS_WRONG', wrong.join('\n'))
  const { help, supergraph, manager, workers, secret: secrets, log } = given
  return { help, supergraph, manager, config, workers, secrets, log }
}

function rootSecret(hex: string): Secrets {
  if (!/^([0-9a-f]{2}){32,}$/i.test(hex)) throw new Error('at least 64 hexadecimal digits')
  return secretsFrom(Buffer.from(hex, 'hex'))
}

function attempt<T>(read: () => T, wrong: string[]): T | null {
  try {
    return read()
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error))
    return null
  }
}

import { join } from 'node:path'
import { anyText, helpFor, oneWordOf, optional, readSettings, wholeBetween } from '../platform/config/read-settings.js'
import { Failure } from '../platform/failure.js'
import { signToken } from '../platform/token.js'
import { systemClock } from '../platform/time/clock.js'
import { identity, ROLES } from '../schema/identity.js'
import { rootSecret } from './start/root-secret.js'

/** `npm run token`: a signed token for the shop whose key lies under `--data`. */
const SETTINGS = {
  member: {
    flag: 'member',
    read: optional(anyText),
    default: null,
    about: 'whose token it is (Member:… or the part behind it)',
  },
  partner: {
    flag: 'partner',
    read: optional(anyText),
    default: null,
    about: 'a partner, by its short name (kuaishou)',
  },
  role: {
    flag: 'role',
    read: (text: string) => text.split(',').map(oneWordOf(...ROLES)),
    default: [],
    about: `one or more, by comma: ${ROLES.join(', ')}`,
  },
  scope: { flag: 'scope', read: anyText, default: '', about: 'scopes, by blanks' },
  days: { flag: 'days', read: wholeBetween(1, 3650), default: 30, about: 'how long it lasts' },
  data: { flag: 'data', env: 'DAIHUO_DATA', read: anyText, default: '.data', about: 'where the shop keeps its data' },
}

try {
  if (process.argv.includes('--help')) {
    console.log(`npm run token -- --member ID --role ROLE\n\n${helpFor(SETTINGS)}`)
  } else {
    const wanted = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
    if (wanted.member === null && wanted.partner === null)
      throw new Failure('SETTINGS_WRONG', 'whose token? Give --member ID or --partner NAME (see --help)')
    const claims = {
      ...(wanted.member !== null && {
        sub: wanted.member.startsWith('Member:') ? wanted.member : `Member:${wanted.member}`,
      }),
      ...(wanted.partner !== null && { partner: wanted.partner }),
      roles: wanted.role.length > 0 ? wanted.role : [wanted.member === null ? 'partner' : 'member'],
      scope: wanted.scope,
    }
    identity(claims) // what the gateway would not read is not signed
    const secrets = await rootSecret(join(wanted.data), { make: false, given: process.env['DAIHUO_SECRET'] ?? null })
    console.log(await signToken(secrets.key('token'), claims, { clock: systemClock, seconds: wanted.days * 86_400 }))
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
}

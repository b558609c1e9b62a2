import { anyText, anyUrl, readSettings } from '../../platform/config/read-settings.js'

const SETTINGS = {
  publicUrl: {
    env: 'PUBLIC_URL',
    read: (text: string) => anyUrl(text).replace(/\/$/, ''),
    default: 'http://localhost:4000',
    about: 'under which address the world reaches this installation; exclusive links begin with it',
  },
  saleUrl: {
    env: 'SALE_URL',
    read: anyText,
    default: '/sale',
    about: 'the page that exclusive links lead to; it gets ?product= and the signed ?click=',
  },
} as const

/** What campaigns is told by the environment. */
export interface CampaignsConfig {
  readonly publicUrl: string
  readonly saleUrl: string
}

/** Reads the environment once; wrong settings are reported together. */
export function readCampaignsConfig(env: Readonly<Record<string, string | undefined>>): CampaignsConfig {
  const { publicUrl, saleUrl } = readSettings(SETTINGS, { args: [], env })
  return { publicUrl, saleUrl }
}

import { chromium, type Browser } from 'playwright-core'
import { chromiumProgram } from '../../scripts/house/servers.js'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium without a window, with a profile of its own that goes with it; null where it is missing. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = chromiumProgram()
  return executablePath === null ? null : await chromium.launch({ executablePath, headless: true, args: FLAGS })
}

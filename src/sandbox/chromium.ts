/** The machine's own Chromium, for tests, benchmarks and screenshots. Nothing is downloaded here. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Where Debian, Ubuntu, Fedora, Alpine, Arch, Chrome's own packages and macOS put it. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** One sentence for people whose machine has none. */
export const CHROMIUM_ADVICE =
  'No Chromium found: install it (Debian and Ubuntu: sudo apt-get install chromium) or name one in SCRIM_CHROMIUM.'

/**
 * Path of a Chromium, null where there is none.
 * @param named - the caller's `SCRIM_CHROMIUM`; it wins, and a name without a file is an error
 */
export function findChromium(
  named: string | undefined,
  exists: (path: string) => boolean = existsSync,
): string | null {
  if (named !== undefined && named !== '') {
    if (!exists(named)) throw new Error('SCRIM_CHROMIUM names no file.')
    return named
  }
  return PLACES.find((place) => exists(place)) ?? null
}

/** Opens it without a window, quiet and off the network. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's own sandbox does not start as root, nor in most containers.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

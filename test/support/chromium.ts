/** The browser of browser tests. Needs `browser.ts` as the project's global setup. */
import type { Browser } from 'playwright-core'
import { inject } from 'vitest'
import { launchChromium } from '../../src/sandbox/chromium.ts'

export function openChromium(): Promise<Browser> {
  return launchChromium(inject('chromiumPath'))
}

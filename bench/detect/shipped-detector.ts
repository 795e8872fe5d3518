/** The detector as it is shipped, not as a development tool runs its sources. */
import { bundleDetector } from '../../test/support/detector-bundle.ts'
import type { detect } from '../../src/detect/detect.ts'

export type Detect = typeof detect

export async function shippedDetector(): Promise<Detect> {
  const source = Buffer.from(await bundleDetector('es')).toString('base64')
  const shipped: { detect: Detect } = await import(`data:text/javascript;base64,${source}`)
  return shipped.detect
}

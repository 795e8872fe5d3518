/** The detector as it is shipped: built, minified, with everything it needs. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** One script that defines `scrimDetect.detect`, or a module that exports `detect`. */
export async function bundleDetector(
  format: 'iife' | 'es' = 'iife',
  entry: 'detect.ts' | 'detect-values.ts' = 'detect.ts',
): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      lib: {
        entry: fileURLToPath(new URL(`../../src/detect/${entry}`, import.meta.url)),
        formats: [format],
        name: 'scrimDetect',
      },
    },
  })
  const [output] = [built].flat()
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing')
  return output.output[0].code
}

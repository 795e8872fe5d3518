/** The detector as a browser gets it: one script that defines `scrimDetect.detect`. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Minified source of everything that `detect` needs. */
export async function bundleDetector(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      lib: {
        entry: fileURLToPath(new URL('../../src/detect/detect.ts', import.meta.url)),
        formats: ['iife'],
        name: 'scrimDetect',
      },
    },
  })
  const [output] = [built].flat()
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing')
  return output.output[0].code
}

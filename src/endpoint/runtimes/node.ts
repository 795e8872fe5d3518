/** The endpoint as a Node server: `node dist/endpoint/node.js`, or `npx tsx` on this file. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from '../app.ts'
import { ConfigError, readConfig } from '../config.ts'
import { describeError } from '../problem.ts'
import { writeRefusals } from '../refusals.ts'
import { sweep } from '../sweep.ts'
import { composeDeps } from './compose.ts'
import { listen } from './listen.ts'

const SWEEP_INTERVAL_MS = 5000

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url))

async function main(): Promise<void> {
  const config = readConfig()
  // Beside the bundle in production; run from source, in the build's own folder.
  const app = beside('app')
  const migrations = beside('migrations')
  const deps = await composeDeps(config, {
    appFolder: existsSync(join(app, 'manifest.json')) ? app : 'dist/app',
    migrationsFolder: existsSync(migrations) ? migrations : undefined,
  })
  const server = await listen(createApp(deps), config)
  // Meanwhile requests are answered; one for a file that is being compressed waits for it.
  deps.assets
    .warmUp()
    .catch((error: unknown) => deps.log.error('assets_not_read', describeError(error)))
  deps.log.info('listening', { port: server.port })

  // One pass at a time: a slow one delays the next instead of running beside it.
  let pass = Promise.resolve()
  let timer = setTimeout(run, SWEEP_INTERVAL_MS)
  function run(): void {
    pass = runSweep()
  }
  async function runSweep(): Promise<void> {
    try {
      await sweep(deps)
    } catch (error) {
      deps.log.error('sweep_failed', describeError(error))
    }
    timer = setTimeout(run, SWEEP_INTERVAL_MS)
  }

  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    deps.log.info('stopping', { signal })
    await server.close()
    await pass
    clearTimeout(timer)
    await writeRefusals(deps, { evenIfRecent: true })
    await deps.database.close()
    deps.log.info('stopped')
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
}

main().catch((error: unknown) => {
  const isOurs = error instanceof ConfigError
  console.error(
    isOurs ? error.message : JSON.stringify({ event: 'start_failed', ...describe(error) }),
  )
  process.exit(1)
})

/** Before the server runs nobody's input is in a message: a taken port may be named. */
function describe(error: unknown): Record<string, unknown> {
  return { ...describeError(error), message: error instanceof Error ? error.message : null }
}

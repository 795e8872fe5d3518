/**
 * `assemble`: makes the endpoint's build whole: the app and the migrations beside the bundles, every
 * script compressed. That folder is what one deploys.
 */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compressAssets } from '../endpoint/assets.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'

const MIGRATIONS = fileURLToPath(new URL('../storage/migrations', import.meta.url))

export const assemble: Command = {
  name: 'assemble',
  synopsis: '[--app FOLDER] [--endpoint FOLDER]',
  summary: 'put app and migrations beside the endpoint’s bundles (the end of npm run build)',
  run: async (args, { print }) => {
    const { values } = parseArgs({
      args,
      options: {
        app: { type: 'string', default: join('dist', 'app') },
        endpoint: { type: 'string', default: join('dist', 'endpoint') },
      },
    })
    await compressAssets(values.app).catch((error: unknown) => {
      throw new UsageError(`no built app in ${values.app}: run npm run build`, { cause: error })
    })
    for (const [from, name] of [
      [values.app, 'app'],
      [MIGRATIONS, 'migrations'],
    ] as const) {
      const to = join(values.endpoint, name)
      await rm(to, { recursive: true, force: true })
      await cp(from, to, { recursive: true })
    }
    await print(`${values.endpoint} is ready to deploy\n`)
    return 0
  },
}

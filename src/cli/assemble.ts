/**
 * `assemble`: makes `dist/endpoint` whole after both builds: the app and the migrations beside the
 * bundles, every script compressed. That folder is what one deploys.
 */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { compressAssets } from '../endpoint/assets.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'

const APP = join('dist', 'app')
const ENDPOINT = join('dist', 'endpoint')
const MIGRATIONS = join('src', 'storage', 'migrations')

export const assemble: Command = {
  name: 'assemble',
  synopsis: '',
  summary: 'put app and migrations beside the endpoint’s bundles (part of npm run build)',
  run: async (args, { print }) => {
    if (args.length > 0) throw new UsageError('assemble takes no arguments')
    await compressAssets(APP).catch((error: unknown) => {
      throw new UsageError('dist/app is not there: run npm run build', { cause: error })
    })
    for (const [from, name] of [
      [APP, 'app'],
      [MIGRATIONS, 'migrations'],
    ] as const) {
      const to = join(ENDPOINT, name)
      await rm(to, { recursive: true, force: true })
      await cp(from, to, { recursive: true })
    }
    await print(`${ENDPOINT} is ready to deploy\n`)
    return 0
  },
}

/** `keys generate`: a new wrapping key, in the form that `SCRIM_KEYS` takes. */
import { parseArgs } from 'node:util'
import { generateKey, parseKeys } from '../keys/key-provider.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'

export const keysGenerate: Command = {
  name: 'keys generate',
  synopsis: '[--id KEY_ID]',
  summary: 'print a new key for SCRIM_KEYS; put it first to make it the current one',
  run: async (args, { now, print }) => {
    const { values } = parseArgs({ args, options: { id: { type: 'string' } } })
    const key = generateKey(values.id ?? now().toISOString().slice(0, 10))
    try {
      parseKeys(key)
    } catch {
      throw new UsageError('--id takes at most 32 letters, digits, "-" or "_"')
    }
    await print(`${key}\n`)
    return 0
  },
}

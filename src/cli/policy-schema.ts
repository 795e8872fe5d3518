/** `policy schema`: the JSON Schema of policy documents, for editors. */
import { z } from 'zod'
import { policySchema } from '../core/policy.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'

export const policySchemaCommand: Command = {
  name: 'policy schema',
  synopsis: '',
  summary:
    'print the JSON Schema (2020-12) of policy documents, for editors that check as one types',
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('policy schema takes nothing')
    const schema = z.toJSONSchema(policySchema, { io: 'input' })
    await terminal.print(`${JSON.stringify({ title: 'Scrim policy', ...schema }, null, 2)}\n`)
    return 0
  },
}

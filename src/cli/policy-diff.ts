/** `policy diff`: what one document widens and narrows against another. */
import { parseArgs } from 'node:util'
import { comparePolicies, isWidening } from '../core/policy-change.ts'
import type { Direction } from '../core/policy-change.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'
import { printable } from './findings.ts'
import { readPolicyFile } from './policy-file.ts'

const SIGNS: Record<Direction, string> = {
  widens: '+ wider   ',
  narrows: '- narrower',
  neither: '  words   ',
}

const spell = (value: unknown): string =>
  value === undefined ? 'nothing' : printable(JSON.stringify(value))

export const policyDiff: Command = {
  name: 'policy diff',
  synopsis: 'OLD NEW',
  summary:
    'print what a policy document widens and narrows against another; exit code 1 when it widens\n' +
    '      anything, so that a second person has to consent',
  run: async (args, terminal) => {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    const [before, after, ...more] = positionals
    if (before === undefined || after === undefined || more.length > 0) {
      throw new UsageError('policy diff takes the OLD file and the NEW file')
    }
    const changes = comparePolicies(
      await readPolicyFile(before, terminal),
      await readPolicyFile(after, terminal),
    )
    const lines = changes.map(
      (change) =>
        `${SIGNS[change.direction]}  ${change.path}: ${spell(change.before)} → ${spell(change.after)}\n`,
    )
    await terminal.print(lines.length === 0 ? 'they decide alike\n' : lines.join(''))
    return isWidening(changes) ? 1 : 0
  },
}

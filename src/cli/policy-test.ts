/** `policy test`: runs the cases that a policy has to pass. */
import { parseArgs } from 'node:util'
import { outcomeWords, policyCases, runPolicyCases } from '../core/policy-case.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'
import { printable } from './findings.ts'
import { readJsonFile, readPolicyFile } from './policy-file.ts'

export const policyTest: Command = {
  name: 'policy test',
  synopsis: 'FILE CASES',
  summary:
    'decide the cases of a file as the endpoint would under a policy document; exit code 1 when\n' +
    '      one of them comes out otherwise',
  run: async (args, terminal) => {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    const [file, casesFile, ...more] = positionals
    if (file === undefined || casesFile === undefined || more.length > 0) {
      throw new UsageError('policy test takes a policy FILE and a file of CASES')
    }
    const policy = await readPolicyFile(file, terminal)
    const { cases } = await readJsonFile(casesFile, policyCases, terminal)
    const results = runPolicyCases(policy, cases)
    const failed = results.filter(({ isPassed }) => !isPassed)
    const lines = failed.map(
      ({ name, expected, found }) =>
        `failed  ${printable(name)}\n` +
        `        expected: ${outcomeWords(expected)}\n` +
        `        found:    ${outcomeWords(found)}\n`,
    )
    await terminal.print(
      `${lines.join('')}${results.length - failed.length} of ${results.length} cases passed\n`,
    )
    return failed.length === 0 ? 0 : 1
  },
}

/** `policy check`: whether a policy document is one, and what its lint says. */
import { parseArgs } from 'node:util'
import { lintPolicy } from '../core/policy-lint.ts'
import type { LintCode } from '../core/policy-lint.ts'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'
import { readPolicyFile } from './policy-file.ts'

const SENTENCES: Record<LintCode, string> = {
  gate_unpassable: 'nobody can ever pass this gate, so every request is refused',
  requester_without_approver: 'some who may ask have nobody who could approve',
  role_unheld: 'nobody holds this role',
  field_unseen: 'no role sees even the mask',
  field_unasked: 'no role may ask for it',
  list_empty: 'an empty list means nobody',
  duties_mixed: 'who configures also approves or oversees',
  group_unknown: 'Zendesk has no such group',
  group_name_ambiguous: 'another group has the same name: mind which one people are added to',
  custom_role_unknown: 'Zendesk has no such custom role',
  reasons_all_end: 'no reason may be used on solved or closed tickets',
  rule_never_fits: 'nothing ever fits this rule, so it approves nothing',
  person_unknown: 'Zendesk has no such agent',
  review_unpassable: 'nobody else could review what they did without approval',
  consent_unpassable: 'nobody could change the policy again, or nobody could consent to it',
  own_review: 'who may reveal without approval also reviews that, though never their own',
}

export const policyCheck: Command = {
  name: 'policy check',
  synopsis: 'FILE',
  summary:
    'say whether a policy document would be taken and what is odd about it, without asking\n' +
    '      Zendesk; exit code 1 when something that it means to allow could never happen',
  run: async (args, terminal) => {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('policy check takes one FILE')
    const findings = lintPolicy(await readPolicyFile(file, terminal))
    const lines = findings.map(
      ({ severity, path, code }) => `${severity}  ${path}  ${code}: ${SENTENCES[code]}\n`,
    )
    await terminal.print(lines.length === 0 ? 'nothing is wrong with it\n' : lines.join(''))
    return findings.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

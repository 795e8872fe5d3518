/** `policy draft`: hands a policy document to the people who decide on it. It never submits one. */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { policyCases, runPolicyCases } from '../core/policy-case.ts'
import { isWidening } from '../core/policy-change.ts'
import { draftAsOperator } from '../endpoint/policy/operator-draft.ts'
import { findPolicyVersion } from '../storage/policy-versions.ts'
import { chooseAccount } from './account.ts'
import type { Command } from './command.ts'
import { UsageError, withDatabase } from './command.ts'
import { readJsonFile, readPolicyFile } from './policy-file.ts'

const MOST_COMMENT = 1000

export const policyDraft: Command = {
  name: 'policy draft',
  synopsis: 'FILE [--cases FILE] --comment TEXT [--account SUBDOMAIN] [--as NAME]',
  summary:
    'keep a policy document as a draft, for an administrator to submit in the app; consent stays\n' +
    '      with people',
  run: async (args, terminal) => {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        cases: { type: 'string' },
        comment: { type: 'string' },
        account: { type: 'string' },
        as: { type: 'string' },
      },
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('policy draft takes one FILE')
    const comment = values.comment?.trim() ?? ''
    if (comment === '' || comment.length > MOST_COMMENT) {
      throw new UsageError('--comment says why, for the people who decide on it')
    }
    const policy = await readPolicyFile(file, terminal)
    const { cases } =
      values.cases === undefined
        ? { cases: [] }
        : await readJsonFile(values.cases, policyCases, terminal)
    return withDatabase(terminal.env, async (database) => {
      const account = { id: await chooseAccount(database, terminal.env, values.account) }
      if ((await findPolicyVersion(database.orm, account.id, 1)) === undefined) {
        throw new UsageError(
          'the endpoint has not started here yet, so there is no policy to change',
        )
      }
      const drafted = await draftAsOperator(
        { account, database, now: terminal.now, newId: randomUUID },
        { policy, cases },
        { comment, operator: values.as ?? terminal.operator },
      )
      if (!drafted.ok) {
        const kinds = drafted.refusal.kinds?.join(', ') ?? 'something sensitive'
        throw new UsageError(`a label, a name or the comment holds a value (${kinds})`)
      }
      const failed = runPolicyCases(policy, cases).filter(({ isPassed }) => !isPassed)
      if (failed.length > 0)
        terminal.warn(`${failed.length} of its cases fail: nobody can submit it`)
      await terminal.print(
        `drafted as version ${drafted.version}; an administrator submits it in the app` +
          `${isWidening(drafted.changes) ? ', and a second person consents' : ''}\n`,
      )
      return 0
    })
  },
}

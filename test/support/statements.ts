/**
 * Sees every statement on its way to a database driver, so that a test can make it fail, or end the
 * process there. Statements inside a transaction are no steps of their own: only its commit has effect.
 */
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'

export type DatabaseStep = 'statement' | 'begin' | 'commit'

/** What throws in `before` takes the place of the statement; in `after`, of its answer. */
export type StatementWatch = {
  before: (step: DatabaseStep, text: string) => Promise<void> | void
  after?: (step: DatabaseStep) => Promise<void> | void
}

/** Watches every PGlite of this process; answers how to stop. */
export function watchPglite({ before, after }: StatementWatch): () => void {
  const { query, transaction } = PGlite.prototype
  PGlite.prototype.query = async function watched<T>(
    this: PGlite,
    ...args: Parameters<PGlite['query']>
  ) {
    await before('statement', args[0])
    const answer = await query.apply(this, args)
    await after?.('statement')
    // What the original answers for the same arguments.
    return answer as Awaited<ReturnType<typeof query<T>>>
  }
  PGlite.prototype.transaction = async function watched<T>(
    this: PGlite,
    work: Parameters<typeof transaction<T>>[0],
  ) {
    await before('begin', 'begin')
    const answer = await transaction.call(this, async (tx) => {
      const done = await work(tx)
      await before('commit', 'commit')
      return done
    })
    await after?.('commit')
    // What `work` answered.
    return answer as T
  }
  return () => Object.assign(PGlite.prototype, { query, transaction })
}

/** Watches every Postgres connection of this process. `before` must not wait. */
export function watchPostgres({ before }: { before: (step: DatabaseStep, text: string) => void }) {
  // Overloaded beyond what `Parameters` can tell; passed on as it comes.
  const query = Client.prototype.query as (...args: unknown[]) => unknown
  const inTransaction = new WeakSet<Client>()
  Client.prototype.query = function watched(this: Client, ...args: unknown[]) {
    const [config] = args as [string | { text: string }]
    const text = (typeof config === 'string' ? config : config.text).trim()
    if (text.startsWith('begin')) {
      inTransaction.add(this)
      before('begin', text)
    } else if (text === 'commit' || text === 'rollback') {
      inTransaction.delete(this)
      before('commit', text)
    } else if (!inTransaction.has(this)) before('statement', text)
    return query.apply(this, args)
  } as typeof Client.prototype.query
}

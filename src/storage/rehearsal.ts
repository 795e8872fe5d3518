/**
 * A database on which nothing lasts. What would happen is found out by letting it happen and undoing
 * it, so that a rehearsal and the performance cannot differ.
 */
import type { Database, Orm } from './database.ts'

/** Thrown by nobody else: ends a transaction that did all it would do. */
class Undo extends Error {
  override readonly name = 'Undo'
}

/** What reads, of all that one can do outside a transaction. */
const READS: ReadonlySet<PropertyKey> = new Set([
  'select',
  'selectDistinct',
  'selectDistinctOn',
  '$count',
  'query',
])

/**
 * Every transaction does its work, answers, and is undone. Outside one it only reads: what would write
 * there throws, because nothing could undo it.
 */
export function rehearsed(database: Database): Database {
  return {
    engine: database.engine,
    orm: readOnly(database.orm),
    async transaction<T>(work: Parameters<typeof database.transaction<T>>[0]): Promise<T> {
      let answer: { value: T } | undefined
      try {
        await database.transaction(async (tx) => {
          answer = { value: await work(tx) }
          throw new Undo()
        })
      } catch (error) {
        if (!(error instanceof Undo)) throw error
      }
      if (answer === undefined) throw new TypeError('a transaction ended without its work')
      return answer.value
    },
    close: () => database.close(),
  }
}

function readOnly(orm: Orm): Orm {
  return new Proxy(orm, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target)
      if (typeof member !== 'function' || READS.has(property)) {
        return typeof member === 'function' ? member.bind(target) : member
      }
      throw new TypeError(`a rehearsal writes in transactions only: ${String(property)}`)
    },
  })
}

/**
 * What a driver's failure becomes before anyone else sees it. Drivers put parameters and rows into
 * messages, and a parameter may be personal data: nothing of theirs but codes and names gets through.
 */
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { ScrimError } from '../core/errors.ts'

/** The server understood a statement and refused it. Holds no parameter and no part of a row. */
export class StatementError extends Error {
  override readonly name = 'StatementError'
  /** SQLSTATE, five characters; undefined when the driver refused before the server could. */
  readonly sqlState: string | undefined
  /** The constraint that was broken, by its name in `schema.ts`. */
  readonly constraint: string | undefined
  /** The statement with `$1` where parameters stand. */
  readonly statement: string | undefined

  constructor(refusal: { sqlState?: string; constraint?: string; statement?: string }) {
    const { sqlState, constraint, statement } = refusal
    super(
      `the database refused a statement${sqlState === undefined ? '' : `: SQLSTATE ${sqlState}`}` +
        (constraint === undefined ? '' : `, constraint ${constraint}`),
    )
    this.sqlState = sqlState
    this.constraint = constraint
    this.statement = statement
  }
}

/** A mistake of ours: a query that does not run on the transaction it belongs to. */
export class OutsideTransactionError extends Error {
  override readonly name = 'OutsideTransactionError'
}

/** Whether `error` is the refusal of the constraint with this name. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof StatementError && error.constraint === constraint
}

/**
 * SQLSTATE classes and codes that say "not now" rather than "not so": connection lost or refused,
 * out of resources, shutting down or timed out, broken storage, refused login, no such database.
 */
const UNAVAILABLE_CLASSES: readonly string[] = ['08', '28', '3D', '53', '57', '58', 'XX']
const UNAVAILABLE_CODES: readonly string[] = ['25P03', '25P04', '55P03']
const DEADLOCK = '40P01'
const SERIALIZATION_FAILURE = '40001'

/** What node-postgres, its pool and PGlite say when there is no code: nobody answers. */
const UNREACHABLE =
  /connection (terminated|error)|not queryable|timeout|closed|after calling end|closing/i

function textProperty(error: object, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}

function unavailable(why: string): ScrimError {
  return new ScrimError('storage_unavailable', {}, { cause: new Error(why) })
}

function isOurs(error: unknown): error is Error {
  return (
    error instanceof ScrimError ||
    error instanceof StatementError ||
    error instanceof OutsideTransactionError
  )
}

/**
 * Translates what a driver or drizzle threw. `storage_unavailable` when the server could not be
 * reached or asked to come back, `conflict` for the victim of a deadlock, else a `StatementError`.
 * Errors of ours pass as they are.
 */
export function storageError(error: unknown): Error {
  const statement = error instanceof DrizzleQueryError ? error.query : undefined
  const fault: unknown = error instanceof DrizzleQueryError ? error.cause : error
  if (isOurs(fault)) return fault
  if (!(fault instanceof Error)) return new StatementError({ statement })
  const code = textProperty(fault, 'code')
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) {
    if (UNAVAILABLE_CODES.includes(code) || UNAVAILABLE_CLASSES.includes(code.slice(0, 2))) {
      return unavailable(`SQLSTATE ${code}`)
    }
    if (code === DEADLOCK || code === SERIALIZATION_FAILURE) {
      return new ScrimError('conflict', {}, { cause: new Error(`SQLSTATE ${code}`) })
    }
    return new StatementError({
      sqlState: code,
      constraint: textProperty(fault, 'constraint'),
      statement,
    })
  }
  if (code !== undefined && /^E[A-Z_]+$/.test(code)) return unavailable(code)
  if (fault instanceof AggregateError) return unavailable('unreachable')
  return UNREACHABLE.test(fault.message)
    ? unavailable('unreachable')
    : new StatementError({ statement })
}

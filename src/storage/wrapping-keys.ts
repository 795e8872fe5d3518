/** Keys that a key service wrapped. The rows open nothing without the service. */
import { and, desc, eq, sql } from 'drizzle-orm'
import type { WrappedKeyStore } from '../keys/key-service.ts'
import type { Database } from './database.ts'
import { wrappingKeys } from './schema.ts'

/** The wrapped keys of one account. `now` dates new ones. */
export function wrappedKeyStore(
  database: Pick<Database, 'orm'>,
  account: string,
  now: () => Date,
): WrappedKeyStore {
  return {
    list: async (purpose) =>
      database.orm
        .select({ keyId: wrappingKeys.keyId, wrapped: wrappingKeys.wrapped })
        .from(wrappingKeys)
        .where(and(eq(wrappingKeys.account, account), eq(wrappingKeys.purpose, purpose)))
        // Ids end in a number that counts up: a longer one is a newer one.
        .orderBy(desc(sql`length(${wrappingKeys.keyId})`), desc(wrappingKeys.keyId)),
    append: async (purpose, { keyId, wrapped, provider }) => {
      const rows = await database.orm
        .insert(wrappingKeys)
        .values({ account, keyId, provider, wrapped, purpose, createdAt: now() })
        .onConflictDoNothing()
        .returning({ keyId: wrappingKeys.keyId })
      return rows.length === 1
    },
  }
}

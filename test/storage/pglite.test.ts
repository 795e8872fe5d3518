import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { appendAuditEntries, getAuditHead } from '../../src/storage/audit-log.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { FolderLockedError } from '../../src/storage/lock.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { outbox } from '../../src/storage/schema.ts'
import { OutsideTransactionError } from '../../src/storage/storage-error.ts'
import { runStorageContract } from './contract.ts'

describe('PGlite', () => {
  runStorageContract(() => openDatabase({ memory: true }))

  test('a query beside one’s own open transaction is refused, for it would wait for ever', async () => {
    const database = await openDatabase({ memory: true })
    await migrateDatabase(database)
    await expect(
      database.transaction(() => database.orm.select().from(outbox).execute()),
    ).rejects.toThrow(OutsideTransactionError)
    await expect(
      database.transaction(() => database.transaction(async () => true)),
    ).rejects.toThrow(OutsideTransactionError)
    expect(await database.orm.select().from(outbox)).toEqual([])
    await database.close()
  })
})

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scrim-folder-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('keeps its rows, is locked while open, and can begin anew', async () => {
    const first = await openDatabase({ folder })
    await migrateDatabase(first)
    await first.transaction((tx) =>
      appendAuditEntries(tx, 'example', new Date(0), [
        { action: 'policy.activate', actor: { type: 'operator', name: 'test' }, outcome: 'ok' },
      ]),
    )
    await expect(openDatabase({ folder })).rejects.toThrow(FolderLockedError)
    await expect(openDatabase({ folder, isFresh: true })).rejects.toThrow(FolderLockedError)
    await first.close()
    expect(existsSync(join(folder, 'lock'))).toBe(false)

    const second = await openDatabase({ folder })
    expect((await getAuditHead(second.orm, 'example')).size).toBe(1)
    await second.close()

    const fresh = await openDatabase({ folder, isFresh: true })
    await migrateDatabase(fresh)
    expect((await getAuditHead(fresh.orm, 'example')).size).toBe(0)
    await fresh.close()
  })
})

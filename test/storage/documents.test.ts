/** A document's row and parts come and go together, on both engines. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { NewDocument } from '../../src/storage/documents.ts'
import {
  appendDocument,
  deleteDocumentParts,
  findDocumentPart,
} from '../../src/storage/documents.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { currentVersion } from '../../src/storage/vault.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 16 })],
] as const

const RECORD = { type: 'ticket', id: 4001 } as const
const FIELD = 'passport'
const AT = new Date('2026-11-23T10:00:00.000Z')

const newAccount = () => `test-${randomBytes(6).toString('hex')}`

function documentOf(version: number, parts: string[]): NewDocument {
  return {
    value: {
      fieldId: FIELD,
      version,
      masked: '••••••••',
      token: randomBytes(16).toString('base64url'),
      kind: 'identity_document',
      sensitivityClass: 'secret',
      contentType: 'image/png',
      jwe: 'sealed',
      keyId: 'k1',
      fingerprint: null,
      fingerprintKeyId: null,
      source: 'link',
      sourceId: null,
      customerId: null,
      retainUntil: null,
      createdAt: AT,
      createdBy: 101,
    },
    parts,
  }
}

describe.each(engines)('documents on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const append = (account: string, document: NewDocument) =>
    database.transaction((tx) => appendDocument(tx, account, RECORD, document))
  const partsOf = async (account: string, version: number) => {
    const key = { record: RECORD, fieldId: FIELD, version }
    const found = []
    for (let part = 0; part < 4; part += 1) {
      found.push(await findDocumentPart(database.orm, account, key, part))
    }
    return found.filter((sealed) => sealed !== undefined)
  }

  it('are stored whole and found part by part, as long as a part can be', async () => {
    const account = newAccount()
    const long = randomBytes(2 * 1024 * 1024).toString('base64url')
    expect(await append(account, documentOf(1, [long, 'b', 'c']))).toBe(true)
    expect(await partsOf(account, 1)).toEqual([long, 'b', 'c'])
    expect(await partsOf(account, 2)).toEqual([])
    expect(await partsOf(newAccount(), 1)).toEqual([])
  })

  it('eight at once for one version: one is stored, and its parts are not mixed', async () => {
    const account = newAccount()
    const mine = Array.from({ length: 8 }, (__, at) => documentOf(1, [`${at}a`, `${at}b`]))
    const stored = await Promise.all(mine.map((document) => append(account, document)))
    expect(stored.filter(Boolean)).toHaveLength(1)
    expect(await partsOf(account, 1)).toEqual(mine[stored.indexOf(true)]?.parts)
  })

  it('that are half written when something fails leave nothing', async () => {
    const account = newAccount()
    const failing = database.transaction(async (tx) => {
      await appendDocument(tx, account, RECORD, documentOf(1, ['a', 'b']))
      throw new Error('connection lost')
    })
    await expect(failing).rejects.toThrow('connection lost')
    expect(await partsOf(account, 1)).toEqual([])
    expect(await currentVersion(database.orm, account, RECORD, FIELD)).toBe(0)
  })

  it('lose the parts of one version, and of no other', async () => {
    const account = newAccount()
    await append(account, documentOf(1, ['a', 'b']))
    await append(account, documentOf(2, ['c']))
    const key = { record: RECORD, fieldId: FIELD, version: 1 }
    await database.transaction((tx) => deleteDocumentParts(tx, account, key))
    expect(await partsOf(account, 1)).toEqual([])
    expect(await partsOf(account, 2)).toEqual(['c'])
  })
})

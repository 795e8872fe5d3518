import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { awsKms } from '../../src/keys/aws-kms.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import {
  MAX_PLAIN_KEY_AGE_MS,
  SERVICE_KEY_ID,
  serviceKeys,
  withOlderKeys,
} from '../../src/keys/key-service.ts'
import type { KeyPurpose, WrappedKeyStore } from '../../src/keys/key-service.ts'
import { openServiceKeys } from '../../src/keys/open-keys.ts'
import { openValue, sealValue, sealedUnder } from '../../src/keys/seal.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { wrappingKeys } from '../../src/storage/schema.ts'
import { wrappedKeyStore } from '../../src/storage/wrapping-keys.ts'
import { CREDENTIALS, KMS_KEY, REGION, startKms } from './kms-stand-in.ts'
import type { KmsStandIn } from './kms-stand-in.ts'

const CARD = '4242 4242 4242 4242'
const AT = new Date('2026-11-22T10:00:00.000Z')

let kms: KmsStandIn
let database: Database
let account: string
let accounts = 0
let at = 0

beforeAll(async () => {
  kms = await startKms()
  database = await openDatabase({ memory: true })
  await migrateDatabase(database)
})
afterAll(async () => {
  await database.close()
  await kms.close()
})
beforeEach(() => {
  accounts += 1
  account = `account-${accounts}`
  kms.failAlways(null)
})

const service = (kmsKeyId = KMS_KEY) =>
  awsKms({ kmsKeyId, region: REGION, endpoint: kms.endpoint, credentials: CREDENTIALS })
const storeOf = (name = account): WrappedKeyStore => wrappedKeyStore(database, name, () => AT)
/** Another instance of the endpoint, with nothing in memory. */
const instance = (purpose: KeyPurpose = 'values', name = account) =>
  serviceKeys({
    account: name,
    purpose,
    service: service(),
    store: storeOf(name),
    elapsed: () => at,
  })
const record = () =>
  ({ account, recordType: 'ticket', recordId: 4001, fieldId: 'card_number', version: 1 }) as const

describe('keys that AWS KMS wraps', () => {
  test('seal a value that another instance opens, and KMS alone can unwrap them', async () => {
    const sealed = await sealValue(instance(), record(), CARD)
    expect(sealedUnder(sealed)).toBe('values-1')
    expect(await openValue(instance(), record(), sealed)).toBe(CARD)
    expect(kms.calls.at(-1)).toMatchObject({
      operation: 'TrentService.Decrypt',
      context: { account, keyId: 'values-1', purpose: 'values' },
    })
    const rows = await database.orm.select().from(wrappingKeys)
    const row = rows.find((each) => each.account === account)
    expect(row).toMatchObject({ keyId: 'values-1', provider: 'aws-kms:alias/scrim', createdAt: AT })
  })

  test('are made once by however many instances need the first one at once', async () => {
    const instances = Array.from({ length: 8 }, () => instance())
    const sealed = await Promise.all(instances.map((keys) => sealValue(keys, record(), CARD)))
    expect(new Set(sealed.map(sealedUnder))).toEqual(new Set(['values-1']))
    for (const jwe of sealed) expect(await openValue(instance(), record(), jwe)).toBe(CARD)
  })

  test('rotate at once for every instance, and older ones still open', async () => {
    const [one, two] = [instance(), instance()]
    const before = await sealValue(one, record(), CARD)
    expect(await two.createKey()).toBe('values-2')
    expect(sealedUnder(await sealValue(one, record(), CARD))).toBe('values-2')
    expect(await one.keyIds()).toEqual(['values-2', 'values-1'])
    expect(await openValue(two, record(), before)).toBe(CARD)
  })

  test('go on counting past nine', async () => {
    const keys = instance()
    for (let made = 0; made < 11; made += 1) await keys.createKey()
    expect(await keys.currentKeyId()).toBe('values-11')
    expect(await keys.keyIds()).toHaveLength(11)
    expect('values-11').toMatch(SERVICE_KEY_ID)
  })

  test('are asked of KMS once in five minutes, and forgotten after them', async () => {
    const sealed = await sealValue(instance(), record(), CARD)
    const keys = instance()
    const decrypts = () => kms.calls.filter(({ operation }) => operation.endsWith('Decrypt')).length
    const before = decrypts()
    await Promise.all([1, 2, 3].map(() => openValue(keys, record(), sealed)))
    at += MAX_PLAIN_KEY_AGE_MS - 1
    await openValue(keys, record(), sealed)
    expect(decrypts() - before).toBe(1)
    at += 1
    await openValue(keys, record(), sealed)
    expect(decrypts() - before).toBe(2)
    kms.failAlways('AccessDeniedException')
    at += MAX_PLAIN_KEY_AGE_MS
    await expect(openValue(keys, record(), sealed)).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })

  test('keep values and fingerprints apart', async () => {
    expect(await instance('values').currentKeyId()).toBe('values-1')
    expect(await instance('fingerprints').currentKeyId()).toBe('fingerprints-1')
    const key = await instance('values').wrappingKey('values-1')
    expect(await instance('fingerprints').wrappingKey('fingerprints-1')).not.toEqual(key)
    await expect(instance('values').wrappingKey('fingerprints-1')).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })
})

describe('KMS does not unwrap a key', () => {
  const context = () => ({ account, keyId: 'values-1', purpose: 'values' }) as const

  test.each([
    ['account', { account: 'other' }],
    ['id', { keyId: 'values-2' }],
    ['purpose', { purpose: 'fingerprints' as const }],
  ])('for another %s than it was made for', async (_, change) => {
    const { key, wrapped } = await service().generate(context())
    expect(await service().unwrap(wrapped, context())).toEqual(key)
    await expect(service().unwrap(wrapped, { ...context(), ...change })).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })

  test('that was copied to another account in the database', async () => {
    await instance().createKey()
    const [copied] = await storeOf().list('values')
    const thief = `${account}-thief`
    expect(
      await storeOf(thief).append('values', {
        keyId: 'values-1',
        wrapped: copied?.wrapped ?? '',
        provider: 'x',
      }),
    ).toBe(true)
    await expect(instance('values', thief).wrappingKey('values-1')).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })

  test('under a key of KMS that it does not have', async () => {
    await expect(service('alias/other').generate(context())).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })
})

describe('when KMS', () => {
  test('throttles or fails for a moment, it is asked again', async () => {
    kms.failNext('ThrottlingException', 'KMSInternalException')
    expect(await instance().createKey()).toBe('values-1')
  })

  test('hangs up once, it is asked again', async () => {
    kms.failNext('hang_up')
    expect(await instance().createKey()).toBe('values-1')
  })

  test.each([
    'ThrottlingException',
    'KMSInternalException',
    'AccessDeniedException',
    'hang_up',
  ] as const)(
    'goes on with %s, the vault is closed and nothing of the cause is told',
    async (fault) => {
      const sealed = await sealValue(instance(), record(), CARD)
      kms.failAlways(fault)
      for (const act of [
        () => openValue(instance(), record(), sealed),
        () => instance().wrappingKey('values-1'),
        () => instance().createKey(),
      ]) {
        const error: unknown = await act().catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'keys_unavailable' })
        expect(error).not.toHaveProperty('cause')
        expect(inspect(error, { depth: null })).not.toContain(CREDENTIALS.secretAccessKey)
      }
      kms.failAlways(null)
      const keys = instance()
      expect(await openValue(keys, record(), sealed)).toBe(CARD)
    },
  )

  test('was down once, the same instance opens the value afterwards', async () => {
    const sealed = await sealValue(instance(), record(), CARD)
    const keys = instance()
    kms.failAlways('AccessDeniedException')
    await expect(openValue(keys, record(), sealed)).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
    kms.failAlways(null)
    expect(await openValue(keys, record(), sealed)).toBe(CARD)
  })

  test('takes over from configured keys, those still open what they sealed', async () => {
    const configured = environmentKeys(parseKeys(generateKey('2026-11')))
    const before = await sealValue(configured, record(), CARD)
    const keys = withOlderKeys(instance(), configured)
    expect(await openValue(keys, record(), before)).toBe(CARD)
    const after = await sealValue(keys, record(), CARD)
    expect(sealedUnder(after)).toBe('values-1')
    expect(await openValue(keys, record(), after)).toBe(CARD)
    expect(await keys.keyIds()).toEqual(['values-1', '2026-11'])
  })

  test('is configured, keys of both purposes can be made', async () => {
    const opened = openServiceKeys(
      service(),
      { values: null, fingerprints: null },
      { account, store: storeOf(), elapsed: () => at },
    )
    expect(await opened.createKey?.('values')).toBe('values-1')
    expect(await opened.createKey?.('fingerprints')).toBe('fingerprints-1')
    expect(await opened.keys.keyIds()).toEqual(['values-1'])
    expect(await opened.fingerprintKeys.currentKeyId()).toBe('fingerprints-1')
  })
})

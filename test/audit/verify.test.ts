import { describe, expect, test } from 'vitest'
import { encodeEntry, entryBytes, textHash } from '../../src/audit/entry.ts'
import type { Frontier } from '../../src/audit/tree.ts'
import { appendToFrontier, leafHash } from '../../src/audit/tree.ts'
import { verifyLog } from '../../src/audit/verify.ts'
import type { Fault, LoggedEntry, TreeHead } from '../../src/audit/verify.ts'
import { flipped, sha256 } from './sha256.ts'

const SIZE = 11
const SALT = new Uint8Array(16)

type Log = { entries: LoggedEntry[]; head: TreeHead }

const at = (index: number): string => `2026-11-22T10:00:0${index % 10}.000Z`

function bodyAt(index: number, minutes = 15): string {
  return encodeEntry({
    v: 1,
    account: 'example',
    at: at(index),
    action: 'reveal_request.create',
    actor: { type: 'person', id: 101 + index, roles: ['frontline'] },
    outcome: 'ok',
    record: { type: 'ticket', id: 4001 + index },
    data: { minutes },
    texts: { reason: textHash(sha256, SALT, `reason ${index}`) },
  })
}

/** A log as the database holds it, made from bodies. */
function logOf(bodies: readonly string[]): Log {
  let frontier: Frontier = []
  let rootHash: Uint8Array = sha256(new Uint8Array())
  const entries = bodies.map((body, index) => {
    const leaf = leafHash(sha256, entryBytes(body))
    ;({ frontier, root: rootHash } = appendToFrontier(sha256, frontier, index, leaf))
    return {
      index,
      body,
      leafHash: leaf,
      rootHash,
      columns: {
        at: at(index),
        action: 'reveal_request.create',
        actorId: 101 + index,
        ticketId: 4001 + index,
      },
      texts: [{ name: 'reason', salt: SALT, text: `reason ${index}` }],
    }
  })
  return { entries, head: { size: entries.length, rootHash } }
}

const BODIES = Array.from({ length: SIZE }, (_, index) => bodyAt(index))
const INDEXES = BODIES.map((_, index) => index)
const LOG = logOf(BODIES)

/** Changes one row. */
function changed(index: number, change: (entry: LoggedEntry) => Partial<LoggedEntry>): Log {
  const entries = LOG.entries.map((entry) =>
    entry.index === index ? { ...entry, ...change(entry) } : entry,
  )
  return { ...LOG, entries }
}

async function faultOf(log: Log, expected?: TreeHead): Promise<Fault | undefined> {
  const result = await verifyLog(sha256, log.entries, log.head, expected)
  return result.isIntact ? undefined : result.fault
}

describe('a log that nobody touched', () => {
  test('is intact at every size, and says so with its head', async () => {
    for (let size = 0; size <= SIZE; size += 1) {
      const log = logOf(BODIES.slice(0, size))
      expect(await verifyLog(sha256, log.entries, log.head)).toEqual({
        isIntact: true,
        ...log.head,
      })
    }
  })

  test('is intact when texts were erased', async () => {
    expect(await faultOf(changed(3, () => ({ texts: [] })))).toBeUndefined()
  })

  test('meets every head that was printed earlier', async () => {
    for (let size = 1; size <= SIZE; size += 1) {
      expect(await faultOf(LOG, logOf(BODIES.slice(0, size)).head)).toBeUndefined()
    }
  })
})

describe('the first wrong entry is named', () => {
  test.each(INDEXES)('when the body of entry %i was changed', async (index) => {
    const log = changed(index, () => ({ body: bodyAt(index, 30) }))
    expect(await faultOf(log)).toEqual({ kind: 'flipped', index })
  })

  test.each(INDEXES)('when the leaf hash of entry %i was changed', async (index) => {
    const log = changed(index, (entry) => ({ leafHash: flipped(entry.leafHash) }))
    expect(await faultOf(log)).toEqual({ kind: 'flipped', index })
  })

  test.each(INDEXES)('when entry %i was replaced together with its leaf hash', async (index) => {
    const body = bodyAt(index, 30)
    const log = changed(index, () => ({ body, leafHash: leafHash(sha256, entryBytes(body)) }))
    expect(await faultOf(log)).toEqual({ kind: 'forked', index })
  })

  test.each(INDEXES)('when the root kept with entry %i was changed', async (index) => {
    const log = changed(index, (entry) => ({ rootHash: flipped(entry.rootHash) }))
    expect(await faultOf(log)).toMatchObject({ index })
  })

  test.each(INDEXES.slice(0, -1))('when entry %i was deleted', async (index) => {
    const entries = LOG.entries.filter((entry) => entry.index !== index)
    expect(await faultOf({ ...LOG, entries })).toEqual({ kind: 'dropped', index })
  })

  test.each(INDEXES.slice(0, -1))('when entry %i was deleted and the gap closed', async (index) => {
    const entries = LOG.entries
      .filter((entry) => entry.index !== index)
      .map((entry, position) => ({ ...entry, index: position }))
    expect(await faultOf({ ...LOG, entries })).toEqual({ kind: 'dropped', index })
  })

  test.each(INDEXES)('when the log was cut off before entry %i', async (index) => {
    const entries = LOG.entries.slice(0, index)
    expect(await faultOf({ ...LOG, entries })).toEqual({ kind: 'truncated', index })
  })

  test('when any two entries changed places, with their roots or without', async () => {
    for (const first of INDEXES) {
      for (const second of INDEXES.slice(first + 1)) {
        const [a, b] = [LOG.entries[first], LOG.entries[second]]
        if (a === undefined || b === undefined) throw new RangeError('index')
        const swapped = (keepRoots: boolean): Log => ({
          ...LOG,
          entries: LOG.entries.map((entry, index) => {
            const moved = index === first ? b : index === second ? a : entry
            const rootHash = keepRoots ? entry.rootHash : moved.rootHash
            return { ...moved, index, rootHash }
          }),
        })
        for (const keepRoots of [true, false]) {
          expect(await faultOf(swapped(keepRoots))).toEqual({ kind: 'reordered', index: first })
        }
      }
    }
  })

  test('when entries were added behind the head', async () => {
    const longer = logOf([...BODIES, bodyAt(SIZE)])
    expect(await faultOf({ entries: longer.entries, head: LOG.head })).toEqual({
      kind: 'forked',
      index: SIZE,
      detail: 'head',
    })
  })

  test('when the head belongs to another history of the same length', async () => {
    const other = logOf(BODIES.map((_, index) => bodyAt(index, 30)))
    expect(await faultOf({ entries: LOG.entries, head: other.head })).toMatchObject({
      kind: 'forked',
      detail: 'head',
    })
  })

  test.each([
    ['has a space too many', (body: string) => body.replace(':', ': ')],
    ['has its keys in another order', (body: string) => `{"v":1,${body.slice(1, -7)}}`],
    ['says a key twice', (body: string) => `{"account":"x",${body.slice(1)}`],
    ['is of a version nobody knows', (body: string) => body.replace('"v":1', '"v":2')],
    ['is no JSON', (body: string) => body.slice(1)],
    ['is no object', () => '1'],
  ])('when a log was made with an entry that %s', async (_, change) => {
    const log = logOf(BODIES.map((body, index) => (index === 4 ? change(body) : body)))
    expect(await faultOf(log)).toEqual({ kind: 'not_canonical', index: 4 })
  })

  test.each([
    ['time', { at: at(5) }],
    ['action', { action: 'grant.reveal' }],
    ['person', { actorId: 999 }],
    ['ticket', { ticketId: null }],
  ])('when the column for the %s was changed to hide it from searches', async (_, column) => {
    const log = changed(4, ({ columns }) => ({ columns: columns && { ...columns, ...column } }))
    expect(await faultOf(log)).toEqual({ kind: 'misfiled', index: 4 })
  })

  test('when a text was changed, or attached to an entry that never had it', async () => {
    const text = { name: 'reason', salt: SALT, text: 'another reason' }
    expect(await faultOf(changed(4, () => ({ texts: [text] })))).toEqual({
      kind: 'text_changed',
      index: 4,
      detail: 'reason',
    })
    const foreign = { name: 'comment', salt: SALT, text: 'reason 4' }
    expect(await faultOf(changed(4, () => ({ texts: [foreign] })))).toEqual({
      kind: 'text_changed',
      index: 4,
      detail: 'comment',
    })
  })
})

describe('a history that was rewritten with every hash after it', () => {
  const printed = logOf(BODIES.slice(0, 8)).head

  test.each(INDEXES)('passes by itself when entry %i was replaced', async (index) => {
    const forged = logOf(BODIES.map((body, at) => (at === index ? bodyAt(index, 30) : body)))
    expect(await faultOf(forged)).toBeUndefined()
  })

  test.each(INDEXES.slice(0, 8))(
    'fails a head printed earlier when entry %i was replaced',
    async (index) => {
      const forged = logOf(BODIES.map((body, at) => (at === index ? bodyAt(index, 30) : body)))
      expect(await faultOf(forged, printed)).toMatchObject({ kind: 'forked', detail: 'expected' })
    },
  )

  test('fails a head printed earlier when it became shorter than that', async () => {
    expect(await faultOf(logOf(BODIES.slice(0, 7)), printed)).toEqual({
      kind: 'truncated',
      index: 7,
      detail: 'expected',
    })
  })

  test('cannot be measured by the empty log, with which every log begins', async () => {
    const empty = { size: 0, rootHash: sha256(new Uint8Array()) }
    await expect(verifyLog(sha256, LOG.entries, LOG.head, empty)).rejects.toThrow(RangeError)
  })
})

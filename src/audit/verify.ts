/**
 * Recomputes a whole log from its entries and names the first fault. What it cannot see: an entry that
 * was replaced together with every hash after it, unless a checkpoint from before is at hand.
 */
import { canonicalJson, entryBytes, textHash } from './entry.ts'
import type { Frontier, Hash } from './tree.ts'
import { appendToFrontier, leafHash, rootOfFrontier } from './tree.ts'

/** One row of a log as it was stored; everything in it is a claim. */
export type LoggedEntry = {
  index: number
  body: string
  leafHash: Uint8Array
  rootHash: Uint8Array
  /** The copies that searches look at. */
  columns?: { at: string; action: string; actorId: number | null; ticketId: number | null }
  /** Texts that have not been erased. */
  texts?: readonly { name: string; salt: Uint8Array; text: string }[]
}

/** A tree as someone saw it: how many entries, and the root over them. */
export type TreeHead = { size: number; rootHash: Uint8Array }

/**
 * - `not_canonical`: the body is not in the one spelling of an entry.
 * - `flipped`: the body is not what its leaf hash says.
 * - `dropped`: an entry is missing here.
 * - `reordered`: another entry stands here; this one's place is elsewhere.
 * - `forked`: body and leaf hash agree with each other and not with the history around them.
 * - `truncated`: the log ends here and should go on.
 * - `misfiled`: the columns for search do not say what the body says.
 * - `text_changed`: a text is not the one the entry was made with.
 */
export type FaultKind =
  | 'not_canonical'
  | 'flipped'
  | 'dropped'
  | 'reordered'
  | 'forked'
  | 'truncated'
  | 'misfiled'
  | 'text_changed'

export type Fault = {
  kind: FaultKind
  /** Of the first entry that is wrong; the size of the log where its end is wrong. */
  index: number
  /** The text that was changed, or the checkpoint that does not match. */
  detail?: string
}

export type Verification =
  { isIntact: true; size: number; rootHash: Uint8Array } | { isIntact: false; fault: Fault }

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

type Json = { [name: string]: unknown }

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The body as an object when it is in the one spelling, else undefined. */
function parseBody(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) && value['v'] === 1 && canonicalJson(value) === body ? value : undefined
  } catch {
    return undefined
  }
}

function idOf(value: unknown): unknown {
  return isObject(value) ? (value['id'] ?? null) : null
}

/** What is wrong with a row by itself, wherever it stands. */
function faultWithin(hash: Hash, entry: LoggedEntry): Omit<Fault, 'index'> | undefined {
  if (!isEqual(leafHash(hash, entryBytes(entry.body)), entry.leafHash)) return { kind: 'flipped' }
  const body = parseBody(entry.body)
  if (body === undefined) return { kind: 'not_canonical' }
  const { columns } = entry
  if (
    columns !== undefined &&
    (columns.at !== body['at'] ||
      columns.action !== body['action'] ||
      columns.actorId !== idOf(body['actor']) ||
      columns.ticketId !== idOf(body['record']))
  ) {
    return { kind: 'misfiled' }
  }
  const hashes = isObject(body['texts']) ? body['texts'] : {}
  for (const { name, salt, text } of entry.texts ?? []) {
    if (hashes[name] !== textHash(hash, salt, text)) return { kind: 'text_changed', detail: name }
  }
  return undefined
}

/**
 * Reads entries in the order of their indexes and compares them with each other, with the log's own
 * `head`, and with `expected`: a head that was printed or sent away earlier. Throws a RangeError when
 * nothing is expected of it.
 */
export async function verifyLog(
  hash: Hash,
  entries: AsyncIterable<LoggedEntry> | Iterable<LoggedEntry>,
  head: TreeHead,
  expected?: TreeHead,
): Promise<Verification> {
  if (expected !== undefined && expected.size < 1) {
    throw new RangeError('every log begins with the empty one: expect at least one entry')
  }
  let size = 0
  let frontier: Frontier = []
  let root = rootOfFrontier(hash, frontier)
  let meetsExpected = expected === undefined
  // Where the tree stopped fitting. The rest is read on to say whether its entry was moved or lost.
  let broken: { index: number; frontier: Frontier; rootHash: Uint8Array } | undefined
  let count = 0
  const faulty = (fault: Fault): Verification => ({ isIntact: false, fault })

  for await (const entry of entries) {
    if (broken !== undefined) {
      count += 1
      const placed = appendToFrontier(hash, broken.frontier, broken.index, entry.leafHash).root
      if (isEqual(placed, broken.rootHash) || isEqual(placed, entry.rootHash)) {
        return faulty({ kind: 'reordered', index: broken.index })
      }
      continue
    }
    if (entry.index !== size) {
      return faulty({ kind: entry.index > size ? 'dropped' : 'reordered', index: size })
    }
    const within = faultWithin(hash, entry)
    if (within !== undefined) return faulty({ ...within, index: size })
    const next = appendToFrontier(hash, frontier, size, entry.leafHash)
    count += 1
    if (!isEqual(next.root, entry.rootHash)) {
      broken = { index: size, frontier, rootHash: entry.rootHash }
      continue
    }
    frontier = next.frontier
    root = next.root
    size += 1
    if (expected?.size === size) {
      if (!isEqual(root, expected.rootHash)) {
        return faulty({ kind: 'forked', index: size - 1, detail: 'expected' })
      }
      meetsExpected = true
    }
  }

  if (broken !== undefined) {
    return faulty({ kind: count < head.size ? 'dropped' : 'forked', index: broken.index })
  }
  if (size < head.size) return faulty({ kind: 'truncated', index: size })
  if (size > head.size) return faulty({ kind: 'forked', index: head.size, detail: 'head' })
  if (!isEqual(root, head.rootHash)) return faulty({ kind: 'forked', index: size, detail: 'head' })
  if (!meetsExpected) return faulty({ kind: 'truncated', index: size, detail: 'expected' })
  return { isIntact: true, size, rootHash: root }
}

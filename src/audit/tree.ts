/**
 * The Merkle tree of RFC 6962, section 2.1, over values: no storage, no clock, and the hash function
 * (SHA-256) comes from the caller, so that the same code runs in the browser and on the server.
 */

/** SHA-256. */
export type Hash = (bytes: Uint8Array) => Uint8Array

export const HASH_BYTES = 32

/** Roots of the complete subtrees of a tree, largest first: one for each bit set in its size. */
export type Frontier = readonly Uint8Array[]

/** `SHA-256(0x00 ‖ entry)`. The prefix keeps an entry from passing for an inner node. */
export function leafHash(hash: Hash, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length)
  bytes.set(entry, 1)
  return hash(bytes)
}

/** `SHA-256(0x01 ‖ left ‖ right)`. */
export function nodeHash(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return hash(bytes)
}

/** The largest power of two that is smaller than `size`; `size` is 2 or more. */
export function splitPoint(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The root over leaf hashes by the definition of RFC 6962. `appendToFrontier` is the quick way. */
export function rootOf(hash: Hash, leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves
  if (first === undefined) return hash(new Uint8Array())
  if (leaves.length === 1) return first
  const half = splitPoint(leaves.length)
  return nodeHash(hash, rootOf(hash, leaves.slice(0, half)), rootOf(hash, leaves.slice(half)))
}

/** The root of the tree that has this frontier. */
export function rootOfFrontier(hash: Hash, frontier: Frontier): Uint8Array {
  let root = frontier.at(-1)
  if (root === undefined) return hash(new Uint8Array())
  for (let index = frontier.length - 2; index >= 0; index -= 1) {
    root = nodeHash(hash, frontier[index] ?? root, root)
  }
  return root
}

/** Adds a leaf hash to a tree of `size` leaves: the new frontier and the new root. */
export function appendToFrontier(
  hash: Hash,
  frontier: Frontier,
  size: number,
  leaf: Uint8Array,
): { frontier: Frontier; root: Uint8Array } {
  const next = [...frontier]
  let node = leaf
  // Each complete subtree of the new one's size merges with it, as a carry does when counting.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = next.pop()
    if (left === undefined) throw new RangeError('the frontier does not fit the size of its tree')
    node = nodeHash(hash, left, node)
  }
  next.push(node)
  return { frontier: next, root: rootOfFrontier(hash, next) }
}

/** One hash after the other. */
export function encodeFrontier(frontier: Frontier): Uint8Array {
  const bytes = new Uint8Array(frontier.length * HASH_BYTES)
  for (const [index, node] of frontier.entries()) bytes.set(node, index * HASH_BYTES)
  return bytes
}

/** The frontier of a tree of `size` leaves. Throws a RangeError when the bytes do not fit the size. */
export function decodeFrontier(bytes: Uint8Array, size: number): Frontier {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  if (bytes.length !== count * HASH_BYTES) {
    throw new RangeError('the frontier does not fit the size of its tree')
  }
  return Array.from({ length: count }, (_, index) =>
    bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  )
}

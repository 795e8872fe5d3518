/**
 * Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2: made from leaf hashes,
 * checked from nothing but hashes (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
 */
import type { Hash } from './tree.ts'
import { HASH_BYTES, nodeHash, rootOf, splitPoint } from './tree.ts'

/** Hashes of 32 bytes, in the order of the RFC. */
export type Proof = readonly Uint8Array[]

/** Shows that the leaf at `index` is in the tree over `leaves`. Throws a RangeError when it is not. */
export function inclusionProof(hash: Hash, leaves: readonly Uint8Array[], index: number): Proof {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError('no such leaf')
  }
  if (leaves.length === 1) return []
  const half = splitPoint(leaves.length)
  const left = leaves.slice(0, half)
  const right = leaves.slice(half)
  return index < half
    ? [...inclusionProof(hash, left, index), rootOf(hash, right)]
    : [...inclusionProof(hash, right, index - half), rootOf(hash, left)]
}

/**
 * Shows that the tree over `leaves` begins with the tree over the first `size` of them. Throws a
 * RangeError for size 0, which begins every tree and so proves nothing, and for sizes beyond the tree.
 */
export function consistencyProof(hash: Hash, leaves: readonly Uint8Array[], size: number): Proof {
  if (!Number.isSafeInteger(size) || size < 1 || size > leaves.length) {
    throw new RangeError('no such tree')
  }
  return subProof(hash, leaves, size, true)
}

/** SUBPROOF of RFC 6962, 2.1.2; `isKnown`: the verifier has the root of the first `size` leaves. */
function subProof(
  hash: Hash,
  leaves: readonly Uint8Array[],
  size: number,
  isKnown: boolean,
): Proof {
  if (size === leaves.length) return isKnown ? [] : [rootOf(hash, leaves)]
  const half = splitPoint(leaves.length)
  const left = leaves.slice(0, half)
  const right = leaves.slice(half)
  return size <= half
    ? [...subProof(hash, left, size, isKnown), rootOf(hash, right)]
    : [...subProof(hash, right, size - half, false), rootOf(hash, left)]
}

function isHash(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && bytes.length === HASH_BYTES
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 1
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

/** Whether `proof` shows that `leaf` is at `index` of the tree of `size` leaves with this root. */
export function verifyInclusion(
  hash: Hash,
  claim: { leaf: Uint8Array; index: number; size: number; root: Uint8Array },
  proof: Proof,
): boolean {
  const { leaf, index, size, root } = claim
  if (!isSize(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return false
  if (![leaf, root, ...proof].every(isHash)) return false
  let position = index
  let last = size - 1
  let node = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      node = nodeHash(hash, sibling, node)
      // A right edge that is not full has no sibling of its own on the levels up to its next one.
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      node = nodeHash(hash, node, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && isEqual(node, root)
}

/**
 * Whether `proof` shows that the tree of `size` leaves with `root` begins with the tree of
 * `earlierSize` leaves with `earlierRoot`. Never from size 0.
 */
export function verifyConsistency(
  hash: Hash,
  claim: { earlierSize: number; earlierRoot: Uint8Array; size: number; root: Uint8Array },
  proof: Proof,
): boolean {
  const { earlierSize, earlierRoot, size, root } = claim
  if (!isSize(earlierSize) || !isSize(size) || earlierSize > size) return false
  if (![earlierRoot, root, ...proof].every(isHash)) return false
  if (earlierSize === size) return proof.length === 0 && isEqual(earlierRoot, root)

  let position = earlierSize - 1
  let last = size - 1
  while (position % 2 === 1) {
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  // The earlier tree is one complete subtree when nothing is left: its root starts the way up.
  const [first, ...rest] = position === 0 ? [earlierRoot, ...proof] : proof
  if (first === undefined) return false
  let earlierNode = first
  let node = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      earlierNode = nodeHash(hash, sibling, earlierNode)
      node = nodeHash(hash, sibling, node)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      node = nodeHash(hash, node, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && isEqual(earlierNode, earlierRoot) && isEqual(node, root)
}

import { describe, expect, test } from 'vitest'
import {
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/proof.ts'
import { leafHash, rootOf } from '../../src/audit/tree.ts'
import { flipped, fromHex, hex, sampleLeaves, sha256 } from './sha256.ts'

const LARGEST = 130
const LEAVES = sampleLeaves(LARGEST)
const ROOTS = Array.from({ length: LARGEST + 1 }, (_, size) =>
  rootOf(sha256, LEAVES.slice(0, size)),
)
const INDEXES = LEAVES.map((_, index) => index)
const NONE = new Uint8Array()

const leafAt = (index: number): Uint8Array => LEAVES[index] ?? NONE
const rootAt = (size: number): Uint8Array => ROOTS[size] ?? NONE

/** Each list that has one hash of `proof` turned, dropped, doubled or cut short. */
function damaged(proof: readonly Uint8Array[]): Uint8Array[][] {
  return proof.flatMap((hash, at) => [
    proof.map((other, index) => (index === at ? flipped(hash, 31) : other)),
    proof.filter((_, index) => index !== at),
    [...proof.slice(0, at), hash, ...proof.slice(at)],
    proof.map((other, index) => (index === at ? hash.slice(1) : other)),
  ])
}

describe('inclusion proofs', () => {
  test('every entry of every log of up to 130 entries can be proven', () => {
    const unproven: string[] = []
    for (let size = 1; size <= LARGEST; size += 1) {
      const leaves = LEAVES.slice(0, size)
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(sha256, leaves, index)
        const claim = { leaf: leafAt(index), index, size, root: rootAt(size) }
        if (!verifyInclusion(sha256, claim, proof)) unproven.push(`${index} of ${size}`)
      }
    }
    expect(unproven).toEqual([])
  })

  test('a proof is good for one entry, at one place, in one tree', () => {
    const accepted: string[] = []
    for (let size = 1; size <= 24; size += 1) {
      const leaves = LEAVES.slice(0, size)
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(sha256, leaves, index)
        const claim = { leaf: leafAt(index), index, size, root: rootAt(size) }
        const accepts = (change: Partial<typeof claim>) =>
          verifyInclusion(sha256, { ...claim, ...change }, proof)
        const others = INDEXES.slice(0, size).filter((other) => other !== index)
        const wrong = [
          accepts({ leaf: flipped(claim.leaf) }),
          accepts({ root: flipped(claim.root) }),
          ...others.map((other) => accepts({ index: other })),
          ...damaged(proof).map((other) => verifyInclusion(sha256, claim, other)),
        ]
        if (wrong.includes(true)) accepted.push(`${index} of ${size}`)
      }
    }
    expect(accepted).toEqual([])
  })

  test('the reference proof of Certificate Transparency is made and accepted', () => {
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ].map((entry) => leafHash(sha256, fromHex(entry)))
    expect(inclusionProof(sha256, leaves, 0).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(consistencyProof(sha256, leaves, 6).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  test.each([
    ['an empty leaf hash under an empty root', { leaf: NONE, root: NONE }],
    ['a leaf hash of 31 bytes', { leaf: leafAt(0).slice(1) }],
    ['a root of 33 bytes', { root: new Uint8Array([...rootAt(1), 0]) }],
    ['an index beyond the tree', { index: 1 }],
    ['a negative index', { index: -1 }],
    ['half an index', { index: 0.5 }],
    ['an empty tree', { size: 0 }],
    ['no size', { size: Number.NaN }],
  ])('%s proves nothing', (_, change) => {
    const claim = { leaf: leafAt(0), index: 0, size: 1, root: rootAt(1) }
    expect(verifyInclusion(sha256, claim, [])).toBe(true)
    expect(verifyInclusion(sha256, { ...claim, ...change }, [])).toBe(false)
  })

  test('there is no proof for an entry that is not there', () => {
    for (const index of [-1, 3, 0.5]) {
      expect(() => inclusionProof(sha256, LEAVES.slice(0, 3), index)).toThrow(RangeError)
    }
  })
})

describe('consistency proofs', () => {
  test('of any two logs of up to 40 entries, the longer proves that it begins with the shorter', () => {
    const unproven: string[] = []
    for (let size = 1; size <= 40; size += 1) {
      for (let earlierSize = 1; earlierSize <= size; earlierSize += 1) {
        const proof = consistencyProof(sha256, LEAVES.slice(0, size), earlierSize)
        const claim = { earlierSize, earlierRoot: rootAt(earlierSize), size, root: rootAt(size) }
        if (!verifyConsistency(sha256, claim, proof)) unproven.push(`${earlierSize} of ${size}`)
      }
    }
    expect(unproven).toEqual([])
  })

  test('a proof is good for two sizes and two roots only', () => {
    const accepted: string[] = []
    for (let size = 2; size <= 20; size += 1) {
      for (let earlierSize = 1; earlierSize < size; earlierSize += 1) {
        const proof = consistencyProof(sha256, LEAVES.slice(0, size), earlierSize)
        const claim = { earlierSize, earlierRoot: rootAt(earlierSize), size, root: rootAt(size) }
        const accepts = (change: Partial<typeof claim>) =>
          verifyConsistency(sha256, { ...claim, ...change }, proof)
        const others = INDEXES.slice(1, size + 1).filter((other) => other !== earlierSize)
        const wrong = [
          accepts({ earlierRoot: flipped(claim.earlierRoot) }),
          accepts({ root: flipped(claim.root) }),
          ...others.map((other) => accepts({ earlierSize: other })),
          ...damaged(proof).map((other) => verifyConsistency(sha256, claim, other)),
        ]
        if (wrong.includes(true)) accepted.push(`${earlierSize} of ${size}`)
      }
    }
    expect(accepted).toEqual([])
  })

  test('a log that was rewritten cannot prove that it begins with what was there', () => {
    for (let rewritten = 0; rewritten < 12; rewritten += 1) {
      const forged = LEAVES.slice(0, 20).map((leaf, index) =>
        index === rewritten ? flipped(leaf) : leaf,
      )
      const claim = {
        earlierSize: 12,
        earlierRoot: rootAt(12),
        size: 20,
        root: rootOf(sha256, forged),
      }
      expect(verifyConsistency(sha256, claim, consistencyProof(sha256, forged, 12))).toBe(false)
    }
  })

  test.each([
    ['an empty log', { earlierSize: 0, earlierRoot: rootAt(0) }],
    ['an empty log with any root', { earlierSize: 0, earlierRoot: rootAt(5) }],
    ['two empty logs', { earlierSize: 0, size: 0 }],
    ['a longer log', { earlierSize: 6 }],
    ['an empty root', { earlierRoot: NONE, root: NONE }],
    ['two roots of one size', { earlierRoot: rootAt(4) }],
    ['half a size', { earlierSize: 4.5 }],
  ])('%s at the start proves nothing', (_, change) => {
    const claim = { earlierSize: 5, earlierRoot: rootAt(5), size: 5, root: rootAt(5) }
    expect(verifyConsistency(sha256, claim, [])).toBe(true)
    expect(verifyConsistency(sha256, { ...claim, ...change }, [])).toBe(false)
  })

  test('equal sizes need no proof and take none', () => {
    const claim = { earlierSize: 5, earlierRoot: rootAt(5), size: 5, root: rootAt(5) }
    expect(verifyConsistency(sha256, claim, [rootAt(1)])).toBe(false)
  })

  test('there is no proof from an empty log or a longer one', () => {
    for (const size of [0, 4, -1, 1.5]) {
      expect(() => consistencyProof(sha256, LEAVES.slice(0, 3), size)).toThrow(RangeError)
    }
  })
})

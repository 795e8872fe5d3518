import { describe, expect, test } from 'vitest'
import type { Frontier } from '../../src/audit/tree.ts'
import {
  appendToFrontier,
  decodeFrontier,
  encodeFrontier,
  leafHash,
  nodeHash,
  rootOf,
  rootOfFrontier,
} from '../../src/audit/tree.ts'
import { fromHex, hex, sampleLeaves, sha256 } from './sha256.ts'

/** The reference leaf inputs of Certificate Transparency, and the root after each. */
const REFERENCE: [entry: string, root: string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [
    '606162636465666768696a6b6c6d6e6f',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
]

describe('the tree of RFC 6962', () => {
  test('an empty log has the root that the RFC gives it', () => {
    expect(hex(rootOf(sha256, []))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(hex(rootOfFrontier(sha256, []))).toBe(hex(rootOf(sha256, [])))
  })

  test('the roots of the reference entries are those that Certificate Transparency publishes', () => {
    const leaves: Uint8Array[] = []
    let frontier: Frontier = []
    for (const [size, [entry, root]] of REFERENCE.entries()) {
      const leaf = leafHash(sha256, fromHex(entry))
      leaves.push(leaf)
      const next = appendToFrontier(sha256, frontier, size, leaf)
      frontier = next.frontier
      expect(hex(rootOf(sha256, leaves))).toBe(root)
      expect(hex(next.root)).toBe(root)
    }
  })

  test('appending gives the same root as hashing the whole tree, at every size up to 300', () => {
    const leaves = sampleLeaves(300)
    let frontier: Frontier = []
    for (const [size, leaf] of leaves.entries()) {
      const next = appendToFrontier(sha256, frontier, size, leaf)
      expect(hex(next.root)).toBe(hex(rootOf(sha256, leaves.slice(0, size + 1))))
      frontier = decodeFrontier(encodeFrontier(next.frontier), size + 1)
      expect(hex(rootOfFrontier(sha256, frontier))).toBe(hex(next.root))
    }
  })

  test('an entry that spells an inner node does not hash like one', () => {
    const [left, right] = sampleLeaves(2)
    const node = new Uint8Array([...(left ?? []), ...(right ?? [])])
    expect(hex(leafHash(sha256, node))).not.toBe(
      hex(nodeHash(sha256, node.slice(0, 32), node.slice(32))),
    )
  })

  test.each([
    [1, 0],
    [1, 31],
    [3, 32],
    [3, 96],
    [4, 64],
    [0, 32],
  ])('a head of size %i whose frontier has %i bytes is refused', (size, bytes) => {
    expect(() => decodeFrontier(new Uint8Array(bytes), size)).toThrow(RangeError)
  })

  test('appending to a frontier of another size is refused', () => {
    const [leaf = new Uint8Array(32)] = sampleLeaves(1)
    expect(() => appendToFrontier(sha256, [], 1, leaf)).toThrow(RangeError)
  })
})

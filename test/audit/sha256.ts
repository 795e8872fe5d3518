import { createHash } from 'node:crypto'
import type { Hash } from '../../src/audit/tree.ts'

export const sha256: Hash = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

/** Leaf hashes that differ, `size` of them. */
export function sampleLeaves(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, index) => sha256(Buffer.from(`leaf ${index}`)))
}

/** The same bytes with one bit turned. */
export function flipped(bytes: Uint8Array, byte = 0): Uint8Array {
  return bytes.map((value, index) => (index === byte ? value ^ 1 : value))
}

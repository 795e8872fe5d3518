import { sha256 } from '@noble/hashes/sha2.js'
import { base58, base58check, base58xrp, bech32 } from '@scure/base'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BITCOIN_ALPHABET,
  decodeBase58,
  passesBase58Check,
  XRP_ALPHABET,
} from '../../../src/detect/checks/base58.ts'
import { passesBech32 } from '../../../src/detect/checks/bech32.ts'
import { detect } from '../../../src/detect/detect.ts'
import { mutations } from '../mutations.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'crypto_wallet')
    .map(({ start, end }) => text.slice(start, end))
}

/** Published: by whom, and the address. */
const CHECKED: [string, string][] = [
  ["Bitcoin's genesis block", '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['BIP-16', '3P14159f73E4gFr7JterCCQh9QjiTjiZrG'],
  ['BIP-173', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['BIP-173, in capitals', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'],
  ['BIP-173, test network', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'],
  ['BIP-350', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
  ['EIP-55', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  ["Tron's USDT contract", 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
  ["XRPL's genesis account", 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh'],
  [
    "Monero's donation address",
    '888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H',
  ],
  ['Cardano (CIP-19)', 'addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8'],
]
/** The same for chains or forms that prove less. */
const UNCHECKED: [string, string][] = [
  ['Cash address specification', 'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a'],
  ['EIP-55, all small letters', '0xde709f2102306220921060314715629080e2fb77'],
  ['EIP-55, all capitals', '0x52908400098527886E0F7030069857D2E4169EE7'],
]

describe('wallet addresses', () => {
  test.each([...CHECKED, ...UNCHECKED])('%s: its address is found', (_, address) => {
    expect(found(address)).toEqual([address])
    expect(found(`Send it to (${address}), please.`)).toEqual([address])
    expect(found(`https://explorer.example/address/${address}?a=1`)).toEqual([address])
  })

  describe.each(CHECKED)('%s', (_, address) => {
    test.each(mutations(address))('its address with $name is none', ({ text }) => {
      expect(found(text)).toEqual([])
    })
  })

  test.each([
    ['Solana wallet: 6eFscWjWYmebbeybrzRVQMcpg7n2bJKQEE9aTQFEjCCY'],
    ['my phantom address is 4CNH7F5Bdcn7uJRTe4uXcu53455BYMG6W44m55NtN9YM'],
    ['polkadot 15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'],
  ])('%s is one by its words', (text) => {
    expect(found(text)).toEqual([text.slice(text.lastIndexOf(' ') + 1)])
  })

  test.each([
    ['a transaction', '0x88df016429689c079f3b2f6ad39fa052532c56795b733da78a91ebe6a713944b'],
    ['a hash', 'a1075db55d416d3ca199f55b6084e2115b9345e16c5cf302fc80e9d5fbf5d48d'],
    ['a commit', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['an error code', '0x80070005'],
    [
      'a random word of the alphabet',
      '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz',
    ],
    ['an id without a word for it', '6eFscWjWYmebbeybrzRVQMcpg7n2bJKQEE9aTQFEjCCY'],
    ['a longer token', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNaQ'],
    ['a mask', '1A1z••••vfNa'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })

  // The example of https://en.bitcoin.it/wiki/Wallet_import_format.
  test('a private key in wallet import format is a credential', () => {
    const key = `5HueCGU8rMjxEXxiPuD5BDku${'4MkFqeZyd4dZ1jvhTVqvbTLvyTJ'}`
    expect(detect(`my key ${key}`).map(({ kind }) => kind)).toEqual(['credential'])
  })
})

describe('checksums of addresses', () => {
  test('base58 decodes as @scure/base does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(decodeBase58(base58.encode(bytes), BITCOIN_ALPHABET)).toEqual(bytes)
        expect(decodeBase58(base58xrp.encode(bytes), XRP_ALPHABET)).toEqual(bytes)
      }),
    )
  })

  test('base58check and bech32 pass what @scure/base writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 21, maxLength: 33 }), (bytes) => {
        expect(passesBase58Check(base58check(sha256).encode(bytes))).toBe(true)
        expect(passesBech32(bech32.encode('bc', bech32.toWords(bytes)))).toBe(true)
      }),
    )
  })
})

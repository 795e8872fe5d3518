/**
 * Wallet addresses of crypto-currencies, by their checksums; where a chain has none in its addresses, by
 * the words around them. Private keys in wallet import format open the wallet: those are credentials.
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  BITCOIN_ALPHABET,
  decodeBase58,
  passesBase58Check,
  XRP_ALPHABET,
} from '../checks/base58.ts'
import { passesBech32 } from '../checks/bech32.ts'
import { concept } from '../lexicon.ts'
import type { Found, PrefixRule, Rule, Surroundings } from '../rule.ts'

/** Each first sign with each second one. */
function pairs(firsts: string, seconds: string): string[] {
  return [...firsts].flatMap((first) => [...seconds].map((second) => first + second))
}

function wallet(
  id: string,
  prefixes: readonly string[],
  form: RegExp,
  check: { name: string; passes(value: string): boolean },
): PrefixRule {
  return { id, kind: 'crypto_wallet', on: 'prefix', prefixes, form, check, confidence: 'certain' }
}

/** EIP-55: a letter is a capital where the hash of the address in small letters has a high half-byte. */
function passesEip55(address: string): boolean {
  const small = address.slice(2).toLowerCase()
  const hash = keccak_256(Uint8Array.from(small, (sign) => sign.charCodeAt(0)))
  return [...small].every((sign, at) => {
    const half = ((hash[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 15
    return address[at + 2] === (half > 7 ? sign.toUpperCase() : sign)
  })
}

const XMR_BLOCK = 11
const XMR_BYTES = 8

/** Monero writes blocks of eight bytes as eleven signs; four bytes of Keccak-256 end an address. */
function passesMonero(address: string): boolean {
  const bytes: number[] = []
  for (let at = 0; at < address.length; at += XMR_BLOCK) {
    const block = address.slice(at, at + XMR_BLOCK)
    const isWhole = block.length === XMR_BLOCK
    const width = isWhole ? XMR_BYTES : Math.floor((block.length * XMR_BYTES) / XMR_BLOCK)
    const significant = [...(decodeBase58(block.replace(/^1+/, ''), BITCOIN_ALPHABET) ?? [])]
    if (significant.length > width) return false
    bytes.push(...Array.from({ length: width - significant.length }, () => 0), ...significant)
  }
  const hash = keccak_256(Uint8Array.from(bytes.slice(0, -4)))
  return bytes.slice(-4).every((byte, at) => byte === hash[at])
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Stellar (SEP-23): base32, then CRC16-XModem, its low byte first. */
function passesStellar(address: string): boolean {
  const bytes: number[] = []
  let bits = 0
  let width = 0
  for (const sign of address) {
    bits = (bits << 5) | BASE32.indexOf(sign)
    width += 5
    if (width >= 8) {
      width -= 8
      bytes.push((bits >> width) & 255)
      bits &= (1 << width) - 1
    }
  }
  let crc = 0
  for (const byte of bytes.slice(0, -2)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1
  }
  return bytes.at(-2) === (crc & 255) && bytes.at(-1) === crc >> 8
}

/** Chains whose addresses have no check: the word must say what it is. */
const WALLET = concept(
  'crypto_wallet',
  `wallet,wallets,wallet address,crypto address,deposit address,solana,sol,spl,phantom,
solana address,polkadot,dot address,kusama,substrate,crypto,cryptocurrency,coin address,usdc,
usdt,ledger,metamask,billetera,cartera,portefeuille,portafoglio,carteira,krypto,kryptowallet,
near,aptos,sui,tezos,algorand,pubkey,public key`,
)
const UNCHECKED =
  /[ \t\r\n:=>"'()]{1,4}(?:([1-9A-HJ-NP-Za-km-z]{32,50})(?![\w.@/+=-]{1,2}\w)|[A-Za-z0-9'-]{1,12}(?![A-Za-z0-9]))/y
const MAX_WORDS = 5

/** 32 bytes, or 35 with Polkadot's network and check. */
function unchecked({ text }: Surroundings, at: number): Found | undefined {
  let place = at
  for (let words = 0; words < MAX_WORDS; words += 1) {
    UNCHECKED.lastIndex = place
    const match = UNCHECKED.exec(text)
    if (match === null) return undefined
    place = UNCHECKED.lastIndex
    const [, address] = match
    if (address === undefined) continue
    const length = decodeBase58(address, BITCOIN_ALPHABET)?.length
    const isMixed = /\d/.test(address) && /[a-z]/.test(address) && /[A-Z]/.test(address)
    if (!isMixed || (length !== 32 && length !== 35)) return undefined
    return { start: place - address.length, end: place, confidence: 'likely', context: WALLET.name }
  }
  return undefined
}

const BECH32_PREFIXES =
  `bc1 tb1 ltc1 tltc1 addr1 addr_test1 stake1 cosmos1 osmo1 bnb1 erd1 inj1 terra1 juno1 axelar1
celestia1 kava1 sei1 stars1 akash1 secret1 thor1 dydx1 zs1 u1 bcrt1 lnbc1 ex1 dgb1 vtc1 grs1 nano1 one1 zil1 persistence1 stride1`.split(
    /\s+/,
  )

export const cryptoWalletRules: readonly Rule[] = [
  // Bitcoin 1 3 2 m n, Litecoin L M, Dogecoin D 9 A, Dash X, Zcash t, Tron T: any version that checks.
  wallet(
    'base58check_address',
    pairs('123mnLMDA9XTt', BITCOIN_ALPHABET),
    /[1-9A-HJ-NP-Za-km-z]{25,36}/y,
    { name: 'base58check', passes: (address) => passesBase58Check(address) },
  ),
  wallet('xrp_address', pairs('r', XRP_ALPHABET), /r[1-9A-HJ-NP-Za-km-z]{24,34}/y, {
    name: 'base58check',
    passes: (address) => passesBase58Check(address, XRP_ALPHABET),
  }),
  wallet(
    'bech32_address',
    [...BECH32_PREFIXES, 'BC1', 'TB1', 'LTC1'],
    /[A-Za-z_]{1,12}1(?:[02-9ac-hj-np-z]{38,103}|[02-9AC-HJ-NP-Z]{38,103})/y,
    { name: 'bech32', passes: passesBech32 },
  ),
  wallet(
    'ethereum_address',
    ['0x'],
    /0x(?=[0-9a-f]{0,39}[A-F])(?=[0-9A-F]{0,39}[a-f])[0-9A-Fa-f]{40}/y,
    {
      name: 'eip55',
      passes: passesEip55,
    },
  ),
  {
    id: 'ethereum_address_plain',
    kind: 'crypto_wallet',
    on: 'prefix',
    prefixes: ['0x'],
    form: /0x(?:[0-9a-f]{40}|[0-9A-F]{40})/y,
    confidence: 'likely',
  },
  wallet(
    'monero_address',
    pairs('48', BITCOIN_ALPHABET),
    /[48](?:[1-9A-HJ-NP-Za-km-z]{105}|[1-9A-HJ-NP-Za-km-z]{94})/y,
    {
      name: 'keccak',
      passes: passesMonero,
    },
  ),
  wallet('stellar_address', pairs('G', 'ABCD'), /G[A-D][A-Z2-7]{54}/y, {
    name: 'crc16',
    passes: passesStellar,
  }),
  {
    id: 'cash_address',
    kind: 'crypto_wallet',
    on: 'prefix',
    prefixes: ['bitcoincash:'],
    form: /bitcoincash:[qp][02-9ac-hj-np-z]{41}/y,
    confidence: 'likely',
  },
  { id: 'crypto_wallet', kind: 'crypto_wallet', on: 'word', concepts: [WALLET], find: unchecked },
  {
    ...wallet(
      'wallet_import_key',
      pairs('5KLc', BITCOIN_ALPHABET),
      /[5KLc][1-9A-HJ-NP-Za-km-z]{50,51}/y,
      {
        name: 'base58check',
        passes: (key) => passesBase58Check(key),
      },
    ),
    kind: 'credential',
  },
]

import { describe, expect, test } from 'vitest'
import { credentials } from './credential.ts'

const LINE = 'q9W8e7R6t5Y4u3I2o1P0'.repeat(4).slice(0, 64)
const BODY = `${LINE}\n${LINE}\nt5Y4u3I2o1P0==`

/** Assembled, so that no line of this file looks like a key that leaked. */
function pem(label: string, body = BODY): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`
}

describe('private keys', () => {
  test.each([
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'DSA PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('a %s is found whole, from boundary to boundary', (label) => {
    const key = pem(label)
    expect(credentials(`Here it is:\n${key}\nThanks, Anna`)).toEqual([key])
    expect(credentials(key.replaceAll('\n', '\r\n'))).toEqual([key.replaceAll('\n', '\r\n')])
  })

  test('headers between boundary and body belong to the key', () => {
    const locked = pem(
      'RSA PRIVATE KEY',
      `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,9F8E7D6C5B4A3210\n\n${BODY}`,
    )
    const armoured = pem('PGP PRIVATE KEY BLOCK', `Version: GnuPG v2\n\n${BODY}\n=aB3d`)
    expect(credentials(locked)).toEqual([locked])
    expect(credentials(armoured)).toEqual([armoured])
  })

  test('a key in JSON, with \\n for line breaks, is found whole', () => {
    const key = `${pem('PRIVATE KEY')}\n`.replaceAll('\n', '\\n')
    expect(credentials(`{"type": "service_account", "private_key": "${key}"}`)).toEqual([
      key.slice(0, -2),
    ])
  })

  test('a key quoted in a reply, or on one line, is found whole', () => {
    const quoted = pem('PRIVATE KEY').replaceAll('\n', '\n> ')
    const flat = pem('PRIVATE KEY').replaceAll('\n', ' ')
    expect(credentials(`> ${quoted}`)).toEqual([quoted])
    expect(credentials(flat)).toEqual([flat])
  })

  test('a key that was cut off is found as far as it goes, and no further', () => {
    const cut = `-----BEGIN RSA PRIVATE KEY-----\n${LINE}\n${LINE}`
    expect(credentials(cut)).toEqual([cut])
    expect(credentials(`${cut}\nPlease help me with this key`)).toEqual([cut])
    expect(credentials(`${cut}...`)).toEqual([`-----BEGIN RSA PRIVATE KEY-----\n${LINE}`])
  })

  test('a PuTTY key is found whole', () => {
    const key = [
      'PuTTY-User-Key-File-3: ssh-ed25519',
      'Encryption: none',
      'Comment: invented',
      'Public-Lines: 1',
      LINE,
      'Private-Lines: 1',
      LINE,
      'Private-MAC: 9f8e7d6c5b4a32109f8e7d6c5b4a32109f8e7d6c',
    ].join('\n')
    expect(credentials(`see below\n${key}\nthanks`)).toEqual([key])
  })

  test('a JSON Web Key is found when it holds the private part, and not else', () => {
    // RFC 7517 appendices A.1 and A.2.
    const open =
      '{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"'
    const key = `${open},"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}`
    expect(credentials(`{"keys":[${key}]}`)).toEqual([key])
    expect(credentials(`{"keys":[${open}}]}`)).toEqual([])
  })

  test('a key wrapped in base64 once more is found', () => {
    const wrapped = btoa(pem('RSA PRIVATE KEY'))
    expect(credentials(`ssh-privatekey: ${wrapped}`)).toEqual([wrapped])
  })

  test.each([
    pem('CERTIFICATE'),
    pem('PUBLIC KEY'),
    pem('PGP PUBLIC KEY BLOCK'),
    pem('RSA PRIVATE KEY', '...'),
    pem('RSA PRIVATE KEY', '(your key here)'),
    'It starts with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY-----',
    'the private key is missing',
    'PuTTY-User-Key-File is the format we use',
    'They begin at nine.',
  ])('%j holds none', (text) => {
    expect(credentials(text)).toEqual([])
  })
})

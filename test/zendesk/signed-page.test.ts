import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verifyPageCredential } from '../../src/zendesk/signed-page.ts'
import type { ExpectedPage } from '../../src/zendesk/signed-page.ts'

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 })
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 })
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const pem = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const NOW = new Date('2026-11-23T09:00:00.000Z')
const SECONDS = NOW.getTime() / 1000
const AUDIENCE = 'https://sandbox.zendesk.com/api/v2/apps/installations/2.json'

const expected: ExpectedPage = {
  publicKeyPem: pem,
  audience: AUDIENCE,
  issuer: 'sandbox.zendesk.com',
  subdomain: 'sandbox',
  location: 'ticket_sidebar',
}

const goodClaims = {
  iss: 'sandbox.zendesk.com',
  sub: 'https://sandbox.zendesk.com/api/v2/users/101.json',
  aud: AUDIENCE,
  iat: SECONDS - 1,
  exp: SECONDS + 300,
  qsh: 'a'.repeat(64),
  context: { product: 'support', location: 'ticket_sidebar' },
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

type Claims = Record<string, unknown>

/** A JWT made by hand: what a library would refuse to make is what has to be refused. */
function credential(
  claims: Claims | string = goodClaims,
  header: Claims = { alg: 'RS256', typ: 'JWT' },
  key = ours.privateKey,
): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

const withClaims = (claims: Claims) => credential({ ...goodClaims, ...claims })

function without(name: keyof typeof goodClaims): string {
  return credential(Object.fromEntries(Object.entries(goodClaims).filter(([key]) => key !== name)))
}

const verify = (jwt: string, change: Partial<ExpectedPage> = {}) =>
  verifyPageCredential(jwt, { ...expected, ...change }, NOW)

describe('a page credential that Zendesk signed for this installation', () => {
  test('names its user, its end and one hash of itself', async () => {
    const jwt = credential()
    expect(await verify(jwt)).toEqual({
      userId: 101,
      expiresAt: new Date('2026-11-23T09:05:00.000Z'),
      hash: createHash('sha256').update(jwt).digest('hex'),
    })
  })

  test.each([
    ['whose issuer is spelled with https', withClaims({ iss: 'https://sandbox.zendesk.com' })],
    ['whose audience is a list of one', withClaims({ aud: [AUDIENCE] })],
    ['whose subject has no .json', withClaims({ sub: goodClaims.sub.replace('.json', '') })],
    ['without a context', without('context')],
    ['without a qsh', without('qsh')],
    ['with claims nobody knows yet', withClaims({ jti: 'x', role: 'admin' })],
    ['with a nested name that repeats an outer one', withClaims({ extra: { sub: 'x', aud: 'y' } })],
    ['that is valid from now', withClaims({ nbf: SECONDS })],
    ['whose clock is five seconds ahead', withClaims({ iat: SECONDS + 5, exp: SECONDS + 305 })],
    ['that expired five seconds ago', withClaims({ exp: SECONDS - 5, iat: SECONDS - 300 })],
  ])('is accepted %s', async (_, jwt) => {
    expect((await verify(jwt)).userId).toBe(101)
  })
})

const [head = '', body = '', signature = ''] = credential().split('.')
const unsigned = (alg: string) => `${encode({ alg, typ: 'JWT' })}.${encode(goodClaims)}`
const hmac = (alg: string, secret: string) =>
  `${unsigned(alg)}.${createHmac('sha256', secret).update(unsigned(alg)).digest('base64url')}`
const claimsText = JSON.stringify(goodClaims)
const attackerJwk = theirs.publicKey.export({ format: 'jwk' })

/** Another spelling of the same signature bytes: the last character carries four unused bits. */
function respelled(jwt: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(jwt.at(-1) ?? '')
  return jwt.slice(0, -1) + (alphabet[last ^ 1] ?? '')
}

const hostile: [name: string, jwt: string, code: string][] = [
  ['with alg none and no signature', `${unsigned('none')}.`, 'page_credential_invalid'],
  ['with alg none and a signature', `${unsigned('none')}.${signature}`, 'page_credential_invalid'],
  ['with alg NONE', `${unsigned('NONE')}.AAAA`, 'page_credential_invalid'],
  ['with HS256 and the PEM as secret', hmac('HS256', pem), 'page_credential_invalid'],
  ['with HS256 and the trimmed PEM', hmac('HS256', pem.trim()), 'page_credential_invalid'],
  ['with HS256 and an empty secret', hmac('HS256', ''), 'page_credential_invalid'],
  ['whose header says PS256', credential(goodClaims, { alg: 'PS256' }), 'page_credential_invalid'],
  ['whose header says RS512', credential(goodClaims, { alg: 'RS512' }), 'page_credential_invalid'],
  ['whose header has no alg', credential(goodClaims, { typ: 'JWT' }), 'page_credential_invalid'],
  [
    'whose header has alg as a list',
    credential(goodClaims, { alg: ['RS256'] }),
    'page_credential_invalid',
  ],
  [
    'whose header asks for an unknown extension',
    credential(goodClaims, { alg: 'RS256', crit: ['exp'], exp: 1 }),
    'page_credential_invalid',
  ],
  [
    'whose header turns encoding off',
    credential(goodClaims, { alg: 'RS256', b64: false, crit: ['b64'] }),
    'page_credential_invalid',
  ],
  [
    'signed with another key',
    credential(goodClaims, { alg: 'RS256' }, theirs.privateKey),
    'page_credential_invalid',
  ],
  [
    'that brings its own key',
    credential(goodClaims, { alg: 'RS256', jwk: attackerJwk }, theirs.privateKey),
    'page_credential_invalid',
  ],
  [
    'that says where its key is',
    credential(goodClaims, { alg: 'RS256', jku: 'https://example.com/k' }, theirs.privateKey),
    'page_credential_invalid',
  ],
  [
    'signed with a short key',
    credential(goodClaims, { alg: 'RS256' }, weak.privateKey),
    'page_credential_invalid',
  ],
  [
    'whose user was changed after signing',
    `${head}.${encode({ ...goodClaims, sub: goodClaims.sub.replace('101', '107') })}.${signature}`,
    'page_credential_invalid',
  ],
  ['without a signature', `${head}.${body}.`, 'page_credential_invalid'],
  [
    'with half a signature',
    `${head}.${body}.${signature.slice(0, 171)}`,
    'page_credential_invalid',
  ],
  ['of two parts', `${head}.${body}`, 'page_credential_invalid'],
  ['of four parts', `${credential()}.AAAA`, 'page_credential_invalid'],
  ['of five parts, like an encrypted one', `${credential()}.AAAA.AAAA`, 'page_credential_invalid'],
  [
    'that expired',
    withClaims({ exp: SECONDS - 30, iat: SECONDS - 330 }),
    'page_credential_expired',
  ],
  ['that is not valid yet', withClaims({ nbf: SECONDS + 60 }), 'page_credential_invalid'],
  [
    'issued in the future',
    withClaims({ iat: SECONDS + 60, exp: SECONDS + 360 }),
    'page_credential_invalid',
  ],
  ['without exp', without('exp'), 'page_credential_invalid'],
  ['without iat', without('iat'), 'page_credential_invalid'],
  ['without sub', without('sub'), 'page_credential_invalid'],
  ['without aud', without('aud'), 'page_credential_audience'],
  ['without iss', without('iss'), 'page_credential_invalid'],
  ['whose exp is text', withClaims({ exp: String(SECONDS + 300) }), 'page_credential_invalid'],
  [
    'whose exp is infinite',
    credential(claimsText.replace(/"exp":\d+/, '"exp":1e999')),
    'page_credential_invalid',
  ],
  ['that lives for a day', withClaims({ exp: SECONDS + 86_400 }), 'page_credential_invalid'],
  [
    'that lives for ten years',
    withClaims({ iat: SECONDS - 10, exp: SECONDS + 315_360_000 }),
    'page_credential_invalid',
  ],
  [
    'that was issued at the dawn of time',
    withClaims({ iat: 0, exp: SECONDS + 300 }),
    'page_credential_invalid',
  ],
  [
    'for another installation',
    withClaims({ aud: AUDIENCE.replace('/2.', '/3.') }),
    'page_credential_audience',
  ],
  [
    'for another installation, as a list',
    withClaims({ aud: [AUDIENCE.replace('/2.', '/3.')] }),
    'page_credential_audience',
  ],
  [
    'for two installations at once',
    withClaims({ aud: [AUDIENCE, AUDIENCE.replace('/2.', '/3.')] }),
    'page_credential_invalid',
  ],
  ['whose audience is a number', withClaims({ aud: 2 }), 'page_credential_audience'],
  [
    'whose audience only begins like ours',
    withClaims({ aud: `${AUDIENCE}/other` }),
    'page_credential_audience',
  ],
  ['from another account', withClaims({ iss: 'evil.zendesk.com' }), 'page_credential_invalid'],
  [
    'from a host like ours',
    withClaims({ iss: 'sandbox.zendesk.com.evil.example' }),
    'page_credential_invalid',
  ],
  ['from plain http', withClaims({ iss: 'http://sandbox.zendesk.com' }), 'page_credential_invalid'],
  [
    'whose user belongs to another account',
    withClaims({ sub: 'https://evil.zendesk.com/api/v2/users/101.json' }),
    'page_credential_invalid',
  ],
  [
    'whose user is on a host that only contains ours',
    withClaims({ sub: 'https://sandbox.zendesk.com.evil.example/api/v2/users/101.json' }),
    'page_credential_invalid',
  ],
  [
    'whose user hides behind a user name in the address',
    withClaims({ sub: 'https://sandbox.zendesk.com@evil.zendesk.com/api/v2/users/101.json' }),
    'page_credential_invalid',
  ],
  ...[
    'me',
    '0',
    '-101',
    '101abc',
    '1e3',
    '0x65',
    '101/../107',
    '99999999999999999999',
    '101.json?x=',
    '',
  ].map((id): [string, string, string] => [
    `whose user id is "${id}"`,
    withClaims({ sub: `https://sandbox.zendesk.com/api/v2/users/${id}.json` }),
    'page_credential_invalid',
  ]),
  [
    'whose user is followed by a line break',
    withClaims({ sub: `${goodClaims.sub}\n` }),
    'page_credential_invalid',
  ],
  ['whose subject is a number', withClaims({ sub: 101 }), 'page_credential_invalid'],
  [
    'for another location',
    withClaims({ context: { product: 'support', location: 'nav_bar' } }),
    'page_credential_invalid',
  ],
  [
    'for another product',
    withClaims({ context: { product: 'chat', location: 'ticket_sidebar' } }),
    'page_credential_invalid',
  ],
  ['whose context is text', withClaims({ context: 'ticket_sidebar' }), 'page_credential_invalid'],
  [
    'that names its user twice',
    credential(claimsText.replace('{', `{"sub":"${goodClaims.sub.replace('101', '107')}",`)),
    'page_credential_invalid',
  ],
  [
    'that names its user twice, once in disguise',
    credential(claimsText.replace('{', `{"\\u0073ub":"${goodClaims.sub.replace('101', '107')}",`)),
    'page_credential_invalid',
  ],
  [
    'that names its end twice',
    credential(claimsText.replace('{', `{"exp" : ${SECONDS + 200},`)),
    'page_credential_invalid',
  ],
  ['whose claims are a list', credential('[1,2]'), 'page_credential_invalid'],
  ['whose claims are null', credential('null'), 'page_credential_invalid'],
  ['whose claims are no JSON', credential('{"sub":'), 'page_credential_invalid'],
  ['that is padded', `${credential()}==`, 'page_credential_invalid'],
  ['that is followed by a space', `${credential()} `, 'page_credential_invalid'],
  ['whose signature is spelled another way', respelled(credential()), 'page_credential_invalid'],
  ['that is empty', '', 'page_credential_invalid'],
  ['that is dots', '..', 'page_credential_invalid'],
  ['that is garbage', 'not a credential', 'page_credential_invalid'],
  ['of 100 kB of letters', 'A'.repeat(100_000), 'page_credential_invalid'],
  ['of 100 kB, well signed', withClaims({ pad: 'A'.repeat(100_000) }), 'page_credential_invalid'],
]

describe('a page credential is refused', () => {
  test.each(hostile)('%s', async (_, jwt, code) => {
    const error = await verify(jwt).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code })
    // A refusal repeats nothing of what was sent.
    expect(String((error as Error).cause ?? '')).toBe('')
    expect((error as Error).message).toBe(code)
  })

  test('when the account has another key', async () => {
    const publicKeyPem = theirs.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    await expect(verify(credential(), { publicKeyPem })).rejects.toMatchObject({
      code: 'page_credential_invalid',
    })
  })
})

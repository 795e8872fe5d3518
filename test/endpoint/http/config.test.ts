/** The environment: what refuses to start, and that no refusal quotes a secret. */
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, readConfig, readKeyConfig, readPolicy } from '../../../src/endpoint/config.ts'
import { generateKey } from '../../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../../src/sandbox/account.ts'

const pem = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString()
const publicKey = pem(2048)

const complete = {
  SCRIM_SUBDOMAIN: 'example',
  SCRIM_APP_ID: '12',
  SCRIM_INSTALLATION_ID: '34',
  SCRIM_PUBLIC_KEY: publicKey,
  SCRIM_OAUTH_CLIENT_ID: 'scrim',
  SCRIM_OAUTH_CLIENT_SECRET: 'correct-horse-battery',
  SCRIM_KEYS: generateKey('k1'),
  SCRIM_FINGERPRINT_KEY: generateKey('f1'),
  DATABASE_URL: 'postgres://scrim:swordfish@db.example.com/scrim',
}
/** The secret of the test vector of Standard Webhooks. */
const chat = {
  SCRIM_CHAT_WEBHOOK_URL: 'https://chat.example.com/hooks/scrim',
  SCRIM_CHAT_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
const webhookSecret = 'bG9uZy1lbm91Z2gtdG8tc2lnbg=='

function faults(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a complete environment', () => {
  test('makes a configuration for one account', () => {
    expect(readConfig(complete)).toMatchObject({
      account: {
        id: 'example',
        zendeskOrigin: 'https://example.zendesk.com',
        issuer: 'example.zendesk.com',
        audience: 'https://example.zendesk.com/api/v2/apps/installations/34.json',
        appId: 12,
        installationId: 34,
        sdkUrl: 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js',
      },
      zendeskUrl: 'https://example.zendesk.com',
      database: { url: complete.DATABASE_URL, maxConnections: 10 },
      port: 8080,
      isMigratedAtStart: true,
    })
  })

  test('may hand the first start a policy, and name its two founders', () => {
    expect(readConfig(complete)).toMatchObject({ policyFile: null, founders: null })
    expect(
      readConfig({ ...complete, SCRIM_POLICY_FILE: 'policy.json', SCRIM_FOUNDERS: '107, 106' }),
    ).toMatchObject({ policyFile: 'policy.json', founders: [107, 106] })
  })

  test.each([
    ['107', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['107,106,105', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['107,-1', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['0,106', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['sam,ingrid', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['9999999999999999,1', 'SCRIM_FOUNDERS must be two user ids with a comma between them.'],
    ['107, 107', 'SCRIM_FOUNDERS must name two people.'],
  ])('refuses founders such as %s', (value, line) => {
    expect(faults({ ...complete, SCRIM_FOUNDERS: value })).toEqual([line])
  })

  test('may name a chat tool: its address, one secret or two, and a text', () => {
    expect(readConfig(complete).chat).toBeNull()
    expect(readConfig({ ...complete, ...chat }).chat).toEqual({
      url: chat.SCRIM_CHAT_WEBHOOK_URL,
      secrets: [chat.SCRIM_CHAT_WEBHOOK_SECRET],
      text: '{event}: {fields}, ticket #{ticket}. {link}',
    })
    const secrets = `${chat.SCRIM_CHAT_WEBHOOK_SECRET},QUJDREVGR0hJSktMTU5PUFFSU1RVVldY`
    const env = {
      ...complete,
      ...chat,
      SCRIM_CHAT_WEBHOOK_SECRET: secrets,
      SCRIM_CHAT_TEXT: '{link}',
    }
    expect(readConfig(env).chat).toMatchObject({ secrets: secrets.split(','), text: '{link}' })
  })

  test.each([
    ['SCRIM_CHAT_WEBHOOK_URL', 'http://chat.example.com/a', 'must begin with https://.'],
    ['SCRIM_CHAT_WEBHOOK_URL', 'http://localhost/a', 'must begin with https://.'],
    ['SCRIM_CHAT_WEBHOOK_URL', 'chat.example.com', 'must begin with https://.'],
    [
      'SCRIM_CHAT_WEBHOOK_URL',
      'https://swordfish@chat.example.com/a',
      'must hold no user name: the signature says who it is.',
    ],
    [
      'SCRIM_CHAT_WEBHOOK_SECRET',
      'swordfish',
      // The first of them.
      '0 must be 24 bytes or more in base64, with or without whsec_ before it.',
    ],
    [
      'SCRIM_CHAT_WEBHOOK_SECRET',
      `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldY,'.repeat(3)}QUJDREVGR0hJSktMTU5PUFFSU1RVVldY`,
      'must be one secret, or two with a comma between them.',
    ],
    [
      'SCRIM_CHAT_TEXT',
      '{requester} asks',
      'may hold {event}, {fields}, {ticket} and {link}, and no other placeholder.',
    ],
  ])('refuses %s like %s', (name, value, line) => {
    const lines = faults({ ...complete, ...chat, [name]: value })
    expect(lines.map((each) => each.replace('SECRET.0', 'SECRET 0'))).toEqual([`${name} ${line}`])
    expect(lines.join()).not.toContain('swordfish')
  })

  test('a chat tool takes both its address and its secret', () => {
    const line =
      'SCRIM_CHAT_WEBHOOK_URL and SCRIM_CHAT_WEBHOOK_SECRET are set together or not at all.'
    for (const name of ['SCRIM_CHAT_WEBHOOK_URL', 'SCRIM_CHAT_WEBHOOK_SECRET'] as const) {
      expect(faults({ ...complete, [name]: chat[name] })).toEqual([line])
    }
  })

  test('may hold the public key on one line', () => {
    const env = { ...complete, SCRIM_PUBLIC_KEY: publicKey.replaceAll('\n', '\\n') }
    expect(readConfig(env).account.publicKeyPem.trim()).toBe(publicKey.trim())
  })
})

describe('an environment that refuses to start', () => {
  test.each(Object.keys(complete))('without %s says so in one line', (name) => {
    const lines = faults({ ...complete, [name]: undefined })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^${name} is missing`))
  })

  test('names every fault at once', () => {
    expect(faults({})).toHaveLength(Object.keys(complete).length)
  })

  const weak: [string, Record<string, string>, string][] = [
    ['SCRIM_SUBDOMAIN', { SCRIM_SUBDOMAIN: 'Evil.example.com/#' }, 'before .zendesk.com'],
    ['SCRIM_APP_ID', { SCRIM_APP_ID: '0' }, 'whole number'],
    ['SCRIM_PUBLIC_KEY', { SCRIM_PUBLIC_KEY: 'swordfish' }, 'public key in PEM'],
    ['SCRIM_PUBLIC_KEY', { SCRIM_PUBLIC_KEY: pem(1024) }, '2048 bits'],
    ['SCRIM_OAUTH_CLIENT_SECRET', { SCRIM_OAUTH_CLIENT_SECRET: 'swordfish' }, 'at least 16'],
    ['SCRIM_KEYS', { SCRIM_KEYS: 'k1:c3dvcmRmaXNo' }, '32 bytes in base64'],
    ['SCRIM_SDK_URL', { SCRIM_SDK_URL: 'http://cdn.example.com/swordfish.js' }, 'https://'],
    ['SCRIM_ZENDESK_URL', { SCRIM_ZENDESK_URL: 'http://localhost.evil.example.com' }, 'https://'],
    ['PORT', { PORT: '99999' }, 'must be a port'],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://root:swordfish@db' }, 'postgres://'],
  ]
  test.each(weak)('because of %s %j names it and never its value', (name, env, rule) => {
    const lines = faults({ ...complete, ...env })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^${name} `))
    expect(lines[0]).toContain(rule)
    expect(lines.join()).not.toContain('swordfish')
    for (const value of Object.values(env)) expect(lines.join()).not.toContain(value)
  })

  test('in production refuses the embedded database, and says why', () => {
    for (const NODE_ENV of [undefined, 'production', 'test']) {
      const env = { ...complete, DATABASE_URL: undefined, SCRIM_DATA: '.scrim', NODE_ENV }
      expect(faults(env)).toEqual([expect.stringContaining('does not survive a power cut')])
    }
  })

  test('in development takes the embedded database', () => {
    const env = { ...complete, DATABASE_URL: undefined, SCRIM_DATA: '.scrim' }
    expect(readConfig({ ...env, NODE_ENV: 'development' }).database).toEqual({ folder: '.scrim' })
  })
})

describe('the policy file', () => {
  test('is parsed by the policy schema', () => {
    expect(readPolicy(JSON.stringify(sandboxPolicy))).toEqual(sandboxPolicy)
  })

  test('names each fault by its path', () => {
    const broken = { ...sandboxPolicy, version: 0, reasons: [] }
    expect(() => readPolicy(JSON.stringify(broken))).toThrow(
      'SCRIM_POLICY_FILE is refused: version: too_small.\nSCRIM_POLICY_FILE is refused: reasons: too_small.',
    )
    expect(() => readPolicy('{')).toThrow('SCRIM_POLICY_FILE is refused: document: is no JSON.')
  })

  test('says what is wrong with a custom detector, and quotes none of it', () => {
    const { detection } = sandboxPolicy
    const detector = {
      id: 'policy_number',
      label: 'Policy number',
      kind: 'other',
      pattern: '(a+)+$',
      example: 'aaaa',
      confidence: 'likely',
    }
    const unsafe = { ...sandboxPolicy, detection: { ...detection, custom: [detector] } }
    expect(() => readPolicy(JSON.stringify(unsafe))).toThrow(
      /^SCRIM_POLICY_FILE is refused: detection\.custom\.0\.pattern: the pattern is unsafe: [^+]+\.$/,
    )
  })
})

describe('keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scrim-keys-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const { SCRIM_KEYS, SCRIM_FINGERPRINT_KEY, ...others } = complete
  const keys = { SCRIM_KEYS, SCRIM_FINGERPRINT_KEY }
  const file = (name: string, content: string, mode = 0o600): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    chmodSync(path, mode)
    return path
  }

  test('come from the environment, the first one current', () => {
    const { values, fingerprints, kms } = readConfig({ ...others, ...keys }).keys
    expect([values?.currentKeyId, fingerprints?.currentKeyId, kms]).toEqual(['k1', 'f1', null])
  })

  test('come from files that only their owner may open, one key a line', () => {
    const env = {
      ...others,
      SCRIM_KEYS_FILE: file('keys', `${generateKey('k2')}\n${SCRIM_KEYS}\n`),
      SCRIM_FINGERPRINT_KEY_FILE: file('fingerprint', SCRIM_FINGERPRINT_KEY, 0o400),
    }
    const { values, fingerprints } = readConfig(env).keys
    expect([...(values?.keys.keys() ?? [])]).toEqual(['k2', 'k1'])
    expect(fingerprints?.currentKeyId).toBe('f1')
  })

  test.each([0o640, 0o604, 0o660, 0o644, 0o620, 0o601])(
    'are refused from a file that others may open (%o)',
    (mode) => {
      const env = {
        ...keys,
        SCRIM_KEYS: undefined,
        SCRIM_KEYS_FILE: file('wide', SCRIM_KEYS, mode),
      }
      expect(faults({ ...others, ...env })).toEqual([
        'SCRIM_KEYS_FILE names a file that others than its owner may open: chmod 600 it.',
      ])
    },
  )

  test.each<[string, Record<string, string | undefined>, string[]]>([
    [
      'without any',
      { SCRIM_KEYS: undefined, SCRIM_FINGERPRINT_KEY: undefined },
      [
        'SCRIM_KEYS is missing: set it, SCRIM_KEYS_FILE or SCRIM_KMS_KEY_ID.',
        'SCRIM_FINGERPRINT_KEY is missing: set it, its file or SCRIM_KMS_KEY_ID.',
      ],
    ],
    [
      'from a file that is not there',
      { SCRIM_KEYS: undefined, SCRIM_KEYS_FILE: join(folder, 'nowhere') },
      ['SCRIM_KEYS_FILE names a file that cannot be read.'],
    ],
    [
      'from a file that holds something else',
      { SCRIM_KEYS: undefined, SCRIM_KEYS_FILE: file('other', 'correct horse') },
      ['SCRIM_KEYS_FILE is refused: key 1 must look like keyId:base64.'],
    ],
    [
      'from two places',
      { SCRIM_KEYS_FILE: file('twice', SCRIM_KEYS) },
      ['SCRIM_KEYS and SCRIM_KEYS_FILE are both set: choose one.'],
    ],
    [
      'that seal and fingerprint alike',
      { SCRIM_FINGERPRINT_KEY: SCRIM_KEYS.replace('k1', 'f1') },
      ['SCRIM_FINGERPRINT_KEY must not be a key of SCRIM_KEYS.'],
    ],
    [
      'of KMS without a region',
      { SCRIM_KMS_KEY_ID: 'alias/scrim' },
      ['AWS_REGION is missing: SCRIM_KMS_KEY_ID names a key in one region.'],
    ],
    [
      'of a KMS that is reached in the clear',
      {
        SCRIM_KMS_KEY_ID: 'alias/scrim',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: 'http://kms.example.com',
      },
      ['AWS_ENDPOINT_URL_KMS must begin with https://.'],
    ],
    [
      'with the ids of keys that KMS wraps',
      { SCRIM_KEYS: generateKey('values-1') },
      ['Key ids such as values-1 are those of keys that KMS wraps.'],
    ],
  ])('are refused %s, by name', (_, env, lines) => {
    expect(faults({ ...complete, ...env })).toEqual(lines)
  })

  test('may be held by KMS alone, whose region and address are AWS’s own variables', () => {
    const env = { SCRIM_KMS_KEY_ID: 'alias/scrim', AWS_REGION: 'eu-central-1' }
    expect(readConfig({ ...others, ...env }).keys).toEqual({
      values: null,
      fingerprints: null,
      kms: { kmsKeyId: 'alias/scrim', region: 'eu-central-1', endpoint: undefined },
    })
    const own = { AWS_ENDPOINT_URL_KMS: 'https://kms.example.com', AWS_ENDPOINT_URL: 'ftp://x' }
    expect(readKeyConfig({ ...env, ...own }).kms?.endpoint).toBe('https://kms.example.com')
  })

  test('leave AWS’s variables alone where KMS holds none', () => {
    expect(faults({ ...complete, AWS_ENDPOINT_URL: 'http://10.0.0.1' })).toEqual([])
  })
})

describe("the webhook's secret", () => {
  test('may be absent, one, or two while it is reset', () => {
    const secretsOf = (value?: string) =>
      readConfig({ ...complete, SCRIM_WEBHOOK_SECRET: value }).webhookSecrets
    expect(secretsOf()).toEqual([])
    expect(secretsOf(webhookSecret)).toEqual([webhookSecret])
    expect(secretsOf(`${webhookSecret},another-secret-of-old`)).toHaveLength(2)
  })

  test.each(['short', `${webhookSecret},`, [1, 2, 3].map((n) => webhookSecret + n).join()])(
    'is refused without being quoted when weak or one of too many',
    (value) => {
      const lines = faults({ ...complete, SCRIM_WEBHOOK_SECRET: value })
      expect(lines).not.toEqual([])
      for (const line of lines) expect(line).toMatch(/^SCRIM_WEBHOOK_SECRET/)
      expect(lines.join()).not.toContain(value)
    },
  )
})

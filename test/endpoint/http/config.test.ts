/** The environment: what refuses to start, and that no refusal quotes a secret. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig, readPolicy } from '../../../src/endpoint/config.ts'
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
  SCRIM_POLICY_FILE: 'policy.json',
  DATABASE_URL: 'postgres://scrim:swordfish@db.example.com/scrim',
}

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
    expect(() => readPolicy('{')).toThrow('SCRIM_POLICY_FILE is no JSON.')
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

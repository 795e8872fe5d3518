/**
 * The environment, parsed once. What is missing or weak refuses to start with one line a fault that
 * names the variable and never its value. `README.md` beside this file is the table of them.
 */
import { createPublicKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { DEFAULT_CHAT_TEXT, unknownPlaceholder } from '../core/notification.ts'
import { parsePolicy } from '../core/policy-document.ts'
import type { Policy } from '../core/policy.ts'
import { parseKeys } from '../keys/key-provider.ts'
import type { KeyRing } from '../keys/key-provider.ts'
import { SERVICE_KEY_ID } from '../keys/key-service.ts'
import type { KeyConfig } from '../keys/open-keys.ts'
import type { AccountConfig } from './context.ts'

const ZENDESK_SDK_URL = 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js'
const MIN_PUBLIC_KEY_BITS = 2048
const MIN_SECRET_LENGTH = 16

export type Config = {
  account: AccountConfig
  /** Base of Zendesk's REST API, without a slash at the end. */
  zendeskUrl: string
  oauth: { clientId: string; clientSecret: string }
  requestsPerMinute: number
  /** One, or two while one replaces the other; none refuses every webhook. */
  webhookSecrets: readonly string[]
  /** Where a chat tool is told, by whom it knows that it is us, and in which words. */
  chat: { url: string; secrets: readonly string[]; text: string } | null
  keys: KeyConfig
  /** What the first start proposes; null proposes the least that anybody could do with. */
  policyFile: string | null
  /** Who propose and consent to the first policy; null when nobody was named. */
  founders: readonly [number, number] | null
  /** A Postgres server, or in development a folder for the embedded database. */
  database: { url: string; maxConnections: number } | { folder: string }
  isMigratedAtStart: boolean
  /** The built app; undefined means where the runtime keeps it. */
  appFolder: string | undefined
  port: number
  host: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Why the endpoint does not start. `message` is the lines, ready to print. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
  }
}

const text = z.string({ error: 'is missing' }).trim().min(1, 'is missing')
const positiveInteger = text
  .regex(/^[1-9]\d{0,15}$/, 'must be a positive whole number')
  .transform(Number)
const secret = text.min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`)
/** Plain http only to this machine: everything else would carry credentials in the clear. */
const webUrl = text
  .refine((value) => /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))/.test(value), {
    error: 'must begin with https://',
  })
  .refine((value) => URL.canParse(value), { error: 'must be an address' })

const publicKey = text
  // Many environments cannot hold a line's end.
  .transform((value) => value.replaceAll('\\n', '\n'))
  .superRefine((pem, context) => {
    const fault = publicKeyFault(pem)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault })
  })

/** `current` or `new,old`: while Zendesk's secret is reset, both are accepted. */
const webhookSecrets = text
  .transform((value) => value.split(','))
  .pipe(z.array(secret).max(2, 'must be one secret, or two with a comma between them'))

/** `107,106`: two people, or there would be nobody to consent. */
const founders = text
  .regex(/^[1-9]\d{0,15} *, *[1-9]\d{0,15}$/, 'must be two user ids with a comma between them')
  .transform((value): [number, number] => {
    const [first = 0, second = 0] = value.split(',').map(Number)
    return [first, second]
  })
  .refine(
    (ids) => ids.every(Number.isSafeInteger),
    'must be two user ids with a comma between them',
  )
  .refine(([first, second]) => first !== second, 'must name two people')

/** Base64, as Standard Webhooks has it: at least 24 bytes, or whoever guesses it speaks for Scrim. */
const chatSecret = text.regex(
  /^(?:whsec_)?(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'must be 24 bytes or more in base64, with or without whsec_ before it',
)

const chatSecrets = text
  .transform((value) => value.split(','))
  .pipe(z.array(chatSecret).max(2, 'must be one secret, or two with a comma between them'))

/** Https alone: ids and labels are for the receiver only, and so is an address that lets one post. */
const chatUrl = text
  .refine((value) => URL.canParse(value) && new URL(value).protocol === 'https:', {
    error: 'must begin with https://',
  })
  .refine((value) => !URL.canParse(value) || new URL(value).username === '', {
    error: 'must hold no user name: the signature says who it is',
  })

const chatText = text
  .max(500, 'must have at most 500 characters')
  .refine((value) => unknownPlaceholder(value) === null, {
    error: 'may hold {event}, {fields}, {ticket} and {link}, and no other placeholder',
  })

const keyRing = text.transform((value, context) => {
  try {
    return parseKeys(value)
  } catch (error) {
    const why = error instanceof TypeError ? error.message : 'cannot be read'
    context.addIssue({ code: 'custom', message: `is refused: ${why}` })
    return z.NEVER
  }
})

/** Bits of a file's mode that let the group or anybody else at it. */
const ANYBODY_ELSE = 0o077

const keyRingFile = text
  .transform((path, context) => {
    try {
      if ((statSync(path).mode & ANYBODY_ELSE) === 0) return readFileSync(path, 'utf8')
      context.addIssue({
        code: 'custom',
        message: 'names a file that others than its owner may open: chmod 600 it',
      })
    } catch {
      context.addIssue({ code: 'custom', message: 'names a file that cannot be read' })
    }
    return z.NEVER
  })
  .pipe(keyRing)

const keyEnvironment = z.object({
  SCRIM_KEYS: keyRing.optional(),
  SCRIM_KEYS_FILE: keyRingFile.optional(),
  SCRIM_FINGERPRINT_KEY: keyRing.optional(),
  SCRIM_FINGERPRINT_KEY_FILE: keyRingFile.optional(),
  SCRIM_KMS_KEY_ID: text.optional(),
  // AWS's own variables, which a machine may have for other reasons: looked at with KMS only.
  AWS_REGION: z.string().optional(),
  AWS_DEFAULT_REGION: z.string().optional(),
  AWS_ENDPOINT_URL: z.string().optional(),
  AWS_ENDPOINT_URL_KMS: z.string().optional(),
})

const environment = keyEnvironment.extend({
  NODE_ENV: z.string().optional(),
  SCRIM_SUBDOMAIN: text.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the part before .zendesk.com'),
  SCRIM_APP_ID: positiveInteger,
  SCRIM_INSTALLATION_ID: positiveInteger,
  SCRIM_PUBLIC_KEY: publicKey,
  SCRIM_OAUTH_CLIENT_ID: text,
  SCRIM_OAUTH_CLIENT_SECRET: secret,
  SCRIM_WEBHOOK_SECRET: webhookSecrets.optional(),
  SCRIM_POLICY_FILE: text.optional(),
  SCRIM_FOUNDERS: founders.optional(),
  SCRIM_CHAT_WEBHOOK_URL: chatUrl.optional(),
  SCRIM_CHAT_WEBHOOK_SECRET: chatSecrets.optional(),
  SCRIM_CHAT_TEXT: chatText.default(DEFAULT_CHAT_TEXT),
  SCRIM_REQUESTS_PER_MINUTE: positiveInteger.default(40),
  SCRIM_ZENDESK_URL: webUrl.optional(),
  SCRIM_SDK_URL: webUrl.default(ZENDESK_SDK_URL),
  SCRIM_APP_FOLDER: text.optional(),
  SCRIM_MIGRATE: z.enum(['start', 'never'], { error: 'must be start or never' }).default('start'),
  SCRIM_DATA: text.optional(),
  SCRIM_DATABASE_CONNECTIONS: positiveInteger.default(10),
  DATABASE_URL: text.regex(/^postgres(ql)?:\/\//, 'must begin with postgres://').optional(),
  PORT: text
    .regex(/^\d{1,5}$/, 'must be a port')
    .transform(Number)
    .pipe(z.number().max(65_535, 'must be a port'))
    .default(8080),
  HOST: text.default('0.0.0.0'),
})

/**
 * Parses the environment. Production is what is not said to be `NODE_ENV=development`.
 * @throws ConfigError
 */
export function readConfig(env: Environment = process.env): Config {
  const result = environment.safeParse(env)
  const lines = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`)
  const keys = chooseKeys(env, lines)
  const database = chooseDatabase(env, lines)
  if (isGiven(env, 'SCRIM_CHAT_WEBHOOK_URL') !== isGiven(env, 'SCRIM_CHAT_WEBHOOK_SECRET')) {
    lines.push(
      'SCRIM_CHAT_WEBHOOK_URL and SCRIM_CHAT_WEBHOOK_SECRET are set together or not at all.',
    )
  }
  if (!result.success || database === null || keys === null || lines.length > 0) {
    throw new ConfigError(lines)
  }
  const { data } = result
  const zendeskHost = `${data.SCRIM_SUBDOMAIN}.zendesk.com`
  const zendeskUrl = new URL(data.SCRIM_ZENDESK_URL ?? `https://${zendeskHost}`).origin
  return {
    account: {
      id: data.SCRIM_SUBDOMAIN,
      zendeskOrigin: zendeskUrl,
      issuer: zendeskHost,
      audience: `https://${zendeskHost}/api/v2/apps/installations/${data.SCRIM_INSTALLATION_ID}.json`,
      publicKeyPem: data.SCRIM_PUBLIC_KEY,
      appId: data.SCRIM_APP_ID,
      installationId: data.SCRIM_INSTALLATION_ID,
      sdkUrl: data.SCRIM_SDK_URL,
    },
    zendeskUrl,
    oauth: {
      clientId: data.SCRIM_OAUTH_CLIENT_ID,
      clientSecret: data.SCRIM_OAUTH_CLIENT_SECRET,
    },
    requestsPerMinute: data.SCRIM_REQUESTS_PER_MINUTE,
    webhookSecrets: data.SCRIM_WEBHOOK_SECRET ?? [],
    chat:
      data.SCRIM_CHAT_WEBHOOK_URL === undefined || data.SCRIM_CHAT_WEBHOOK_SECRET === undefined
        ? null
        : {
            url: data.SCRIM_CHAT_WEBHOOK_URL,
            secrets: data.SCRIM_CHAT_WEBHOOK_SECRET,
            text: data.SCRIM_CHAT_TEXT,
          },
    keys,
    policyFile: data.SCRIM_POLICY_FILE ?? null,
    founders: data.SCRIM_FOUNDERS ?? null,
    database:
      'url' in database
        ? { url: database.url, maxConnections: data.SCRIM_DATABASE_CONNECTIONS }
        : database,
    isMigratedAtStart: data.SCRIM_MIGRATE === 'start',
    appFolder: data.SCRIM_APP_FOLDER,
    port: data.PORT,
    host: data.HOST,
  }
}

function isGiven(env: Environment, name: string): boolean {
  return env[name] !== undefined
}

/**
 * The keys alone, for commands that need nothing else of the configuration.
 * @throws ConfigError
 */
export function readKeyConfig(env: Environment = process.env): KeyConfig {
  const result = keyEnvironment.safeParse(env)
  const lines = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`)
  const keys = chooseKeys(env, lines)
  if (keys === null || lines.length > 0) throw new ConfigError(lines)
  return keys
}

/** Adds its faults to `lines`; null when the variables themselves are at fault, which others tell. */
function chooseKeys(env: Environment, lines: string[]): KeyConfig | null {
  const result = keyEnvironment.safeParse(env)
  if (!result.success) return null
  const { data } = result
  if (data.SCRIM_KEYS !== undefined && data.SCRIM_KEYS_FILE !== undefined) {
    lines.push('SCRIM_KEYS and SCRIM_KEYS_FILE are both set: choose one.')
  }
  if (data.SCRIM_FINGERPRINT_KEY !== undefined && data.SCRIM_FINGERPRINT_KEY_FILE !== undefined) {
    lines.push('SCRIM_FINGERPRINT_KEY and SCRIM_FINGERPRINT_KEY_FILE are both set: choose one.')
  }
  const values = data.SCRIM_KEYS ?? data.SCRIM_KEYS_FILE ?? null
  const fingerprints = data.SCRIM_FINGERPRINT_KEY ?? data.SCRIM_FINGERPRINT_KEY_FILE ?? null
  const region = data.AWS_REGION || data.AWS_DEFAULT_REGION || undefined
  const endpoint = data.AWS_ENDPOINT_URL_KMS || data.AWS_ENDPOINT_URL || undefined
  if (data.SCRIM_KMS_KEY_ID === undefined) {
    if (values === null) {
      lines.push('SCRIM_KEYS is missing: set it, SCRIM_KEYS_FILE or SCRIM_KMS_KEY_ID.')
    }
    if (fingerprints === null) {
      lines.push('SCRIM_FINGERPRINT_KEY is missing: set it, its file or SCRIM_KMS_KEY_ID.')
    }
  } else {
    if (region === undefined) {
      lines.push('AWS_REGION is missing: SCRIM_KMS_KEY_ID names a key in one region.')
    }
    if (endpoint !== undefined && !webUrl.safeParse(endpoint).success) {
      lines.push('AWS_ENDPOINT_URL_KMS must begin with https://.')
    }
  }
  const hasServiceId = [values, fingerprints].some((ring) =>
    [...(ring?.keys.keys() ?? [])].some((keyId) => SERVICE_KEY_ID.test(keyId)),
  )
  if (hasServiceId) lines.push('Key ids such as values-1 are those of keys that KMS wraps.')
  if (values !== null && fingerprints !== null && haveKeyInCommon(values, fingerprints)) {
    lines.push('SCRIM_FINGERPRINT_KEY must not be a key of SCRIM_KEYS.')
  }
  const kms =
    data.SCRIM_KMS_KEY_ID === undefined || region === undefined
      ? null
      : { kmsKeyId: data.SCRIM_KMS_KEY_ID, region, endpoint }
  return { values, fingerprints, kms }
}

function haveKeyInCommon(one: KeyRing, other: KeyRing): boolean {
  const keys = [...one.keys.values()].map((key) => Buffer.from(key))
  return [...other.keys.values()].some((key) => keys.some((known) => known.equals(key)))
}

/** Adds its fault to `lines`. */
function chooseDatabase(
  env: Environment,
  lines: string[],
): { url: string } | { folder: string } | null {
  if (env['DATABASE_URL'] !== undefined) return { url: env['DATABASE_URL'] }
  if (env['NODE_ENV'] !== 'development') {
    lines.push(
      'DATABASE_URL is missing: production needs a Postgres server, because the embedded database does not survive a power cut.',
    )
    return null
  }
  if (env['SCRIM_DATA'] !== undefined) return { folder: env['SCRIM_DATA'] }
  lines.push('DATABASE_URL is missing, and no SCRIM_DATA names a folder for the embedded database.')
  return null
}

function publicKeyFault(pem: string): string | null {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa') return 'must be an RSA public key'
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return bits < MIN_PUBLIC_KEY_BITS ? `must have at least ${MIN_PUBLIC_KEY_BITS} bits` : null
  } catch {
    return 'must be a public key in PEM'
  }
}

/**
 * Parses the policy document.
 * @throws ConfigError with the path and rule of each fault
 */
export function readPolicy(json: string): Policy {
  const parsed = parsePolicy(json)
  if (parsed.ok) return parsed.policy
  throw new ConfigError(
    parsed.faults.map(({ path, rule }) => `SCRIM_POLICY_FILE is refused: ${path}: ${rule}.`),
  )
}

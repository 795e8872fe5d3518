/**
 * AWS KMS as a key service. Loaded when it is configured and not before: the client is larger than the
 * rest of the endpoint. It signs requests and retries throttled ones itself.
 */
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type { KMSClientConfig } from '@aws-sdk/client-kms'
import { ScrimError } from '../core/errors.ts'
import type { KeyContext, KeyService } from './key-service.ts'

export type AwsKmsOptions = {
  /** Id, ARN or alias of a symmetric KMS key. */
  kmsKeyId: string
  region: string
  /** Only where KMS is not at its usual address, such as a VPC endpoint. */
  endpoint?: string | undefined
  /** By default what AWS's own chain finds: variables, profile, the role of a function or container. */
  credentials?: KMSClientConfig['credentials']
}

const CONNECTION_TIMEOUT_MS = 1000
const REQUEST_TIMEOUT_MS = 3000
const MAX_ATTEMPTS = 3

export function awsKms(options: AwsKmsOptions): KeyService {
  const { kmsKeyId, region, endpoint, credentials } = options
  const client = new KMSClient({
    region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  })
  return {
    name: `aws-kms:${kmsKeyId}`,
    generate: (context) =>
      answered(async () => {
        const { Plaintext, CiphertextBlob } = await client.send(
          new GenerateDataKeyCommand({
            KeyId: kmsKeyId,
            KeySpec: 'AES_256',
            EncryptionContext: asEncryptionContext(context),
          }),
        )
        if (Plaintext === undefined || CiphertextBlob === undefined) throw new TypeError('no key')
        return {
          key: new Uint8Array(Plaintext),
          wrapped: Buffer.from(CiphertextBlob).toString('base64'),
        }
      }),
    unwrap: (wrapped, context) =>
      answered(async () => {
        const { Plaintext } = await client.send(
          new DecryptCommand({
            // Named, so that a blob wrapped by somebody else's key is refused and not opened.
            KeyId: kmsKeyId,
            CiphertextBlob: Buffer.from(wrapped, 'base64'),
            EncryptionContext: asEncryptionContext(context),
          }),
        )
        if (Plaintext === undefined) throw new TypeError('no key')
        return new Uint8Array(Plaintext)
      }),
  }
}

/** KMS authenticates it with the key and shows it in CloudTrail; it holds no secret. */
function asEncryptionContext({ account, keyId, purpose }: KeyContext): Record<string, string> {
  return { account, keyId, purpose }
}

/** AWS's errors may quote requests: only our code goes on. Closed, whatever it was. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch {
    throw new ScrimError('keys_unavailable')
  }
}

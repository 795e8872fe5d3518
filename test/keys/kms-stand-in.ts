/**
 * AWS KMS at its protocol: JSON 1.1 over HTTP, the two operations that Scrim calls, its errors by
 * name. It keeps its keys in memory and binds each to its encryption context, as KMS does.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'

export const KMS_KEY = 'alias/scrim'
export const REGION = 'eu-central-1'
/** From AWS's documentation: credentials that open nothing. */
export const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

type Fault = 'ThrottlingException' | 'KMSInternalException' | 'AccessDeniedException' | 'hang_up'
const FAULT_STATUS = {
  ThrottlingException: 400,
  KMSInternalException: 500,
  AccessDeniedException: 400,
}

type Call = { operation: string; context: Record<string, string>; authorization: string }

export type KmsStandIn = {
  endpoint: string
  /** What was asked, the keys themselves left out. */
  readonly calls: readonly Call[]
  /** The next calls fail like this, one each. */
  failNext(...faults: Fault[]): void
  /** Every call fails until told otherwise; null ends that. */
  failAlways(fault: Fault | null): void
  close(): Promise<void>
}

const SIGNATURE = new RegExp(
  `^AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/\\d{8}/${REGION}/kms/aws4_request, ` +
    'SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$',
)

export async function startKms(): Promise<KmsStandIn> {
  const wrapped = new Map<string, { key: Buffer; context: string }>()
  const calls: Call[] = []
  const faults: Fault[] = []
  let always: Fault | null = null

  const answer = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, type: string, status = 400): void =>
    answer(response, status, { __type: type, message: 'refused' })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await json(request)) as {
      KeyId?: string
      KeySpec?: string
      CiphertextBlob?: string
      EncryptionContext?: Record<string, string>
    }
    const operation = String(request.headers['x-amz-target'])
    const authorization = request.headers.authorization ?? ''
    const context = body.EncryptionContext ?? {}
    calls.push({ operation, context, authorization })
    if (!SIGNATURE.test(authorization) || request.headers['x-amz-date'] === undefined) {
      return refuse(response, 'IncompleteSignatureException')
    }
    if (request.headers['content-type'] !== 'application/x-amz-json-1.1') {
      return refuse(response, 'SerializationException')
    }
    const fault = faults.shift() ?? always
    if (fault === 'hang_up') {
      request.socket.destroy()
      return
    }
    if (fault !== null) return refuse(response, fault, FAULT_STATUS[fault])
    if (body.KeyId !== KMS_KEY) return refuse(response, 'NotFoundException')
    const spelled = JSON.stringify(Object.entries(context).toSorted())
    if (operation === 'TrentService.GenerateDataKey' && body.KeySpec === 'AES_256') {
      const key = randomBytes(32)
      const blob = randomBytes(48).toString('base64')
      wrapped.set(blob, { key, context: spelled })
      return answer(response, 200, {
        KeyId: KMS_KEY,
        Plaintext: key.toString('base64'),
        CiphertextBlob: blob,
      })
    }
    if (operation === 'TrentService.Decrypt') {
      const found = wrapped.get(body.CiphertextBlob ?? '')
      if (found?.context !== spelled) return refuse(response, 'InvalidCiphertextException')
      return answer(response, 200, { KeyId: KMS_KEY, Plaintext: found.key.toString('base64') })
    }
    return refuse(response, 'UnknownOperationException')
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => refuse(response, 'SerializationException'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    failNext: (...next) => void faults.push(...next),
    failAlways: (fault) => {
      always = fault
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The policy as a file: parsed, and every fault named by its path. Never quotes what it refuses. */
import type { z } from 'zod'
import { policySchema } from './policy.ts'
import type { Policy } from './policy.ts'

export type DocumentFault = {
  /** Into the document, `document` for the whole. */
  path: string
  /** A sentence of ours, or the schema's code for what is broken, such as `unrecognized_keys`. */
  rule: string
}

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; faults: DocumentFault[] }

/** Reads a policy document. Unknown keys are faults: a misspelt limit would be none. */
export function parsePolicy(text: string): ParsedPolicy {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { ok: false, faults: [{ path: 'document', rule: 'is no JSON' }] }
  }
  return parsePolicyContent(content)
}

/** The same for a document that was parsed already. */
export function parsePolicyContent(content: unknown): ParsedPolicy {
  const result = policySchema.safeParse(content)
  return result.success
    ? { ok: true, policy: result.data }
    : { ok: false, faults: documentFaults(result.error) }
}

/** Every fault of a document by its path. */
export function documentFaults({ issues }: z.ZodError): DocumentFault[] {
  return issues.map((issue) => ({
    path: issue.path.join('.') || 'document',
    // Messages of our own rules quote nothing; the schema's may quote the document. Names of keys
    // are no values, and without them nobody finds a misspelt one.
    rule:
      issue.code === 'custom'
        ? issue.message
        : issue.code === 'unrecognized_keys'
          ? `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`
          : issue.code,
  }))
}

/** Files about policy, as the commands read them: a fault is a line for each path that is wrong. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { parsePolicy } from '../core/policy-document.ts'
import type { Policy } from '../core/policy.ts'
import type { Terminal } from './command.ts'
import { UsageError } from './command.ts'
import { printable } from './findings.ts'

async function readText(name: string, { folder }: Terminal): Promise<string> {
  try {
    return await readFile(resolve(folder, name), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UsageError(`${printable(name)} cannot be read (${code})`)
  }
}

/** A policy the endpoint would take. Throws a `UsageError` that names every fault. */
export async function readPolicyFile(name: string, terminal: Terminal): Promise<Policy> {
  const parsed = parsePolicy(await readText(name, terminal))
  if (parsed.ok) return parsed.policy
  const faults = parsed.faults.map(({ path, rule }) => `\n  ${path}: ${rule}`)
  throw new UsageError(`${printable(name)} is refused:${faults.join('')}`)
}

/** A JSON file of this schema. Throws a `UsageError` that names every fault. */
export async function readJsonFile<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  terminal: Terminal,
): Promise<z.infer<Schema>> {
  const text = await readText(name, terminal)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new UsageError(`${printable(name)} is no JSON`)
  }
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const faults = result.error.issues.map(
    ({ path, code }) => `\n  ${path.join('.') || 'document'}: ${code}`,
  )
  throw new UsageError(`${printable(name)} is refused:${faults.join('')}`)
}

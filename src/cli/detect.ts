/**
 * `detect`: what of files or standard input is sensitive, where, how surely and why. Never prints a
 * value unless told to.
 */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { defaultPolicy, policySchema } from '../core/policy.ts'
import type { DetectOptions } from '../detect/detector.ts'
import { detect as findSpans } from '../detect/detect.ts'
import type { Confidence, DetectedKind, Span } from '../detect/span.ts'
import { CONFIDENCE_LEVELS, DETECTED_KINDS } from '../detect/span.ts'
import type { Command, Terminal } from './command.ts'
import { OutputClosedError, UsageError } from './command.ts'
import { formatFindings, formatJson, printable, summarize } from './findings.ts'

/** A text is read whole: a value may be split by line breaks, and its context stands lines away. */
const MAX_BYTES = 128 * 1024 * 1024
const STANDARD_INPUT = '-'
/** So many lines are written at once. */
const BATCH = 500

const NOTHING_FOUND = 0
const SOMETHING_FOUND = 1
const BAD_USE = 2

/** What goes wrong with a file, in the words that follow its name. */
const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read',
  EISDIR: 'is a directory: name its files',
}

/** One text cannot be read; the others still can. The message follows the text's name. */
class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/**
 * The text of a stream of UTF-8. A byte order mark is not part of it, so that offsets are those of
 * what an editor shows.
 * @throws UnreadableError before memory is full
 */
async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BYTES) throw new UnreadableError('is larger than 128 MiB: split it')
      chunks.push(chunk)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const code = String(error.code)
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new UnreadableError('is not UTF-8 text')
    throw new UnreadableError(READ_FAULTS[code] ?? `cannot be read (${code})`)
  }
}

function parseLevel(level: string): Confidence {
  const known = CONFIDENCE_LEVELS.find((name) => name === level)
  if (known === undefined) throw new UsageError('--level takes possible, likely or certain')
  return known
}

const levelEverywhere = (level: Confidence) =>
  Object.fromEntries(DETECTED_KINDS.map((kind) => [kind, level])) as Record<
    DetectedKind,
    Confidence
  >

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Levels and custom detectors of the `detection` section in a policy document. What the section
 * leaves out is as in the default policy, so that a file for trying things out may be short.
 */
async function readPolicy(path: string): Promise<DetectOptions> {
  let document: unknown
  try {
    document = JSON.parse(await readText(createReadStream(path)))
  } catch (error) {
    if (error instanceof UnreadableError) throw new UsageError(`the policy ${error.message}`)
    if (error instanceof SyntaxError) throw new UsageError('the policy is not JSON')
    throw error
  }
  const section = isObject(document) && 'detection' in document ? document.detection : undefined
  if (!isObject(section)) throw new UsageError('the policy has no section "detection"')
  // Judged inside a whole policy: some of its rules are the policy's, not the section's.
  const policy = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
  const given = 'levels' in section && isObject(section.levels) ? section.levels : {}
  const levels = { ...policy.detection.levels, ...given }
  const detection = { ...policy.detection, ...section, levels }
  const parsed = policySchema.safeParse({ ...policy, detection })
  if (parsed.success) return parsed.data.detection
  const [issue] = parsed.error.issues
  throw new UsageError(`the policy is wrong at ${issue?.path.join('.')}: ${issue?.message}`)
}

async function printLines(lines: Iterable<string>, print: Terminal['print']): Promise<void> {
  let batch = ''
  let size = 0
  for (const line of lines) {
    batch += `${line}\n`
    size += 1
    if (size % BATCH === 0) {
      await print(batch)
      batch = ''
    }
  }
  if (batch !== '') await print(batch)
}

export const detect: Command = {
  name: 'detect',
  synopsis: '[--json] [--show] [--level possible|likely|certain] [--html] [--policy FILE] [FILE…]',
  summary:
    'find sensitive values in UTF-8 text, files or standard input (-), each up to 128 MiB; print\n' +
    '      kind, place and why, and the value only with --show; exit code 1 when something is found',
  run: async (args, { folder, input, isColoured, print, warn }) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        show: { type: 'boolean', default: false },
        html: { type: 'boolean', default: false },
        level: { type: 'string' },
        policy: { type: 'string' },
      },
    })
    const options: DetectOptions = {
      ...(values.policy === undefined ? {} : await readPolicy(resolve(folder, values.policy))),
      ...(values.level === undefined ? {} : { levels: levelEverywhere(parseLevel(values.level)) }),
      markup: values.html ? 'html' : 'text',
    }
    const format = { isShown: values.show, isColoured }
    const found: (readonly Span[])[] = []
    let isAllRead = true
    const files = positionals.length === 0 ? [STANDARD_INPUT] : positionals
    const isTyped = 'isTTY' in input && input.isTTY === true
    if (isTyped && files.includes(STANDARD_INPUT))
      warn('type a text, and Ctrl-D on a line of its own')
    for (const file of files) {
      try {
        const isInput = file === STANDARD_INPUT
        const text = await readText(isInput ? input : createReadStream(resolve(folder, file)))
        const spans = findSpans(text, options)
        found.push(spans)
        const lines = values.json ? formatJson : formatFindings
        await printLines(lines({ file, text, spans }, format), print)
      } catch (error) {
        // Whoever reads has enough: there was something to print, so something was found.
        if (error instanceof OutputClosedError) return SOMETHING_FOUND
        if (!(error instanceof UnreadableError)) throw error
        isAllRead = false
        warn(
          `scrim: ${file === STANDARD_INPUT ? 'standard input' : printable(file)} ${error.message}`,
        )
      }
    }
    if (!values.json && found.length > 0) warn(summarize(found))
    if (!isAllRead) return BAD_USE
    return found.some((spans) => spans.length > 0) ? SOMETHING_FOUND : NOTHING_FOUND
  },
}

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/core/policy.ts'

const SCRIM = join(import.meta.dirname, '../../src/cli/scrim.ts')

/** Published test values: Stripe's test card, and an address of a domain kept for examples. */
const CARD = '4242 4242 4242 4242'
const EMAIL = 'maya.rivera@example.com'

const folder = mkdtempSync(join(tmpdir(), 'scrim-detect-'))

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

beforeAll(() => {
  write('clean.txt', 'Order 10002847 left the warehouse on Tuesday.\n')
  write('card.txt', `Hello,\nmy card number is ${CARD}, thanks.\n`)
  write('mail.txt', `Write to me: ${EMAIL}\n`)
  write('latin1.txt', new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]))
  mkdirSync(join(folder, 'folder'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const COMMAND = ['--import', import.meta.resolve('tsx'), SCRIM, 'detect']
const PLACE = { cwd: folder, env: { PATH: process.env['PATH'] } }

const start = (args: readonly string[]) => spawn(process.execPath, [...COMMAND, ...args], PLACE)

/** Runs the command in the temporary folder; `input` is what it reads from standard input. */
async function detect(args: readonly string[], input: string | Uint8Array = '') {
  const child = start(args)
  // A command that refuses its arguments does not read.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { exitCode: child.exitCode, stdout, stderr }
}

type Finding = {
  file: string
  kind: string
  start: number
  end: number
  confidence: string
  why: { rule: string; check?: string; context?: string }
  value?: string
}

const parse = (stdout: string): Finding[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding)

describe('the answer', () => {
  test('a text without anything sensitive ends in exit code 0 and prints no finding', async () => {
    expect(await detect(['clean.txt'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'nothing found in 1 text\n',
    })
  })

  test('a finding ends in exit code 1 and says kind, place, confidence and why, not the value', async () => {
    const { exitCode, stdout, stderr } = await detect(['card.txt'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: '1 finding: 1 payment_card\n',
    })
    const at = 'Hello,\nmy card number is '.length
    expect(stdout).toMatch(
      new RegExp(
        `^card\\.txt:2:19 +${at}-${at + CARD.length} +payment_card +certain +\\w+, check luhn, context \\w+\\n$`,
      ),
    )
  })

  test('the value is printed only when asked for', async () => {
    for (const args of [['card.txt'], ['--json', 'card.txt']]) {
      const { stdout, stderr } = await detect(args)
      expect(stdout).not.toBe('')
      expect(stdout + stderr).not.toMatch(/4242/)
    }
    expect((await detect(['--show', 'card.txt'])).stdout).toMatch(/"4242 4242 4242 4242"\n$/)
    expect(parse((await detect(['--show', '--json', 'card.txt'])).stdout)).toMatchObject([
      { value: CARD },
    ])
  })

  test('a value that holds control characters cannot steer the terminal', async () => {
    const { stdout } = await detect(['--show'], 'password: hunter2\u001b[2Jcorrecthorse\n')
    expect(stdout).not.toContain('\u001b')
  })

  test('where there is no terminal there are no colours', async () => {
    expect((await detect(['card.txt'])).stdout).not.toContain('\u001b')
  })

  test('each text has its line in the summary’s count, and findings come in the order of the files', async () => {
    const { exitCode, stdout, stderr } = await detect(['mail.txt', 'clean.txt', 'card.txt'])
    expect(exitCode).toBe(1)
    expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
      'mail.txt',
      'card.txt',
      '',
    ])
    expect(stderr).toBe('2 findings in 2 of 3 texts: 1 email, 1 payment_card\n')
  })
})

describe('with --json', () => {
  test('each finding is one object a line with exactly the documented keys, and nothing else is said', async () => {
    const { exitCode, stdout, stderr } = await detect(['--json', 'card.txt', 'mail.txt'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    const findings = parse(stdout)
    expect(findings.map(({ file, kind }) => [file, kind])).toEqual([
      ['card.txt', 'payment_card'],
      ['mail.txt', 'email'],
    ])
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual(['file', 'kind', 'start', 'end', 'confidence', 'why'])
      expect(finding.why.rule).toMatch(/^\w+$/)
    }
  })

  test.each([
    ['emoji before it', `😀👩‍👩‍👧 card ${CARD}`],
    ['lines that end in CR LF', `Hi\r\n\r\nmy card:\r\n${CARD}\r\nbye\r\n`],
    ['letters of several bytes', `Grüße, naïve карта card ${CARD} 你好`],
    ['nothing but itself and its word', `card ${CARD}`],
  ])('offsets are UTF-16 units of the text with %s', async (_, content) => {
    const { stdout } = await detect(['--json'], content)
    const [finding, ...others] = parse(stdout)
    expect(others).toEqual([])
    expect(finding?.file).toBe('-')
    expect(content.slice(finding?.start, finding?.end)).toBe(CARD)
  })

  test('a byte order mark is not counted', async () => {
    const plain = await detect(['--json'], `card ${CARD}`)
    expect(await detect(['--json'], `\ufeffcard ${CARD}`)).toEqual(plain)
  })
})

describe('what is read', () => {
  test('standard input is read without a file, and as "-" among files', async () => {
    const alone = await detect([], `card ${CARD}`)
    expect(alone).toMatchObject({ exitCode: 1 })
    expect(alone.stdout).toMatch(/^stdin:1:6 /)
    const among = await detect(['--json', 'mail.txt', '-'], `card ${CARD}`)
    expect(parse(among.stdout).map(({ file }) => file)).toEqual(['mail.txt', '-'])
  })

  test('nothing at all on standard input is nothing found', async () => {
    expect(await detect(['--json'])).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })

  test.each([
    ['there.txt', 'there.txt there is no such file'],
    ['folder', 'folder is a directory: name its files'],
    ['latin1.txt', 'latin1.txt is not UTF-8 text'],
  ])('%s is one clear line and exit code 2, and the other files are read', async (file, line) => {
    const { exitCode, stdout, stderr } = await detect(['--json', file, 'card.txt'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `scrim: ${line}\n` })
    expect(parse(stdout)).toMatchObject([{ file: 'card.txt', kind: 'payment_card' }])
  })

  test('a file that cannot be read is never "nothing found"', async () => {
    expect(await detect(['there.txt', 'clean.txt'])).toMatchObject({ exitCode: 2, stdout: '' })
  })

  test('with --html, tags and character references are read through', async () => {
    const { stdout } = await detect(
      ['--html', '--json'],
      `<p>card: 4242 <b>4242</b> 4242&nbsp;4242</p>`,
    )
    expect(parse(stdout)).toMatchObject([{ kind: 'payment_card' }])
  })
})

describe('what counts', () => {
  test.each([
    [['--levels'], "Unknown option '--levels'"],
    [['--level'], "Option '--level <value>' argument missing"],
    [['--level', 'sure'], '--level takes possible, likely or certain'],
    [['--policy', 'none.json'], 'the policy there is no such file'],
    [['--policy', 'card.txt'], 'the policy is not JSON'],
    [['--policy', 'empty.json'], 'the policy has no section "detection"'],
    [['--policy', 'wrong.json'], 'the policy is wrong at detection.levels.phone: '],
    [['--policy', 'unknown.json'], 'the policy is wrong at detection: '],
  ])('%j ends in one line and exit code 2, and reads nothing', async (args, line) => {
    write('empty.json', '{}')
    write('wrong.json', JSON.stringify({ detection: { levels: { phone: 'always' } } }))
    write('unknown.json', JSON.stringify({ detection: { level: 'certain' } }))
    const { exitCode, stdout, stderr } = await detect(
      [...args, 'card.txt'].slice(0, args.length === 1 ? 1 : 3),
    )
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^scrim: [^\n]+\n$/)
    expect(stderr).toContain(line)
  })

  test('a policy’s levels decide what is found, in a whole document or a short one', async () => {
    const policy = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
    policy.detection.levels.email = 'off'
    write('policy.json', JSON.stringify(policy))
    write('short.json', JSON.stringify({ detection: { levels: { email: 'off' } } }))
    for (const file of ['policy.json', 'short.json']) {
      const { exitCode, stdout } = await detect([
        '--policy',
        file,
        '--json',
        'mail.txt',
        'card.txt',
      ])
      expect(exitCode).toBe(1)
      expect(parse(stdout).map(({ kind }) => kind)).toEqual(['payment_card'])
    }
  })

  test('--level stands above the policy’s levels', async () => {
    write('short.json', JSON.stringify({ detection: { levels: { email: 'off' } } }))
    const { stdout } = await detect([
      '--policy',
      'short.json',
      '--level',
      'likely',
      '--json',
      'mail.txt',
    ])
    expect(parse(stdout).map(({ kind }) => kind)).toEqual(['email'])
  })

  test('a policy’s custom detectors find, and an unsafe one is refused', async () => {
    const detector = {
      id: 'contract',
      label: 'Contract number',
      kind: 'other',
      pattern: 'K-\\d{6}',
      example: 'K-204711',
      confidence: 'certain',
    }
    write('custom.json', JSON.stringify({ detection: { custom: [detector] } }))
    const { stdout } = await detect(
      ['--policy', 'custom.json', '--json'],
      'contract K-118203 ended',
    )
    expect(parse(stdout)).toMatchObject([{ kind: 'other', start: 9, end: 17 }])
    write(
      'unsafe.json',
      JSON.stringify({ detection: { custom: [{ ...detector, pattern: '(K+)+-\\d{6}' }] } }),
    )
    const unsafe = await detect(['--policy', 'unsafe.json'], 'contract K-118203 ended')
    expect(unsafe).toMatchObject({ exitCode: 2, stdout: '' })
    expect(unsafe.stderr).toMatch(/^scrim: the policy is wrong at detection\.custom[^\n]+\n$/)
  })
})

describe('output that cannot be written', () => {
  test.runIf(existsSync('/dev/full'))('is exit code 2, never "something found"', async () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [...COMMAND, 'card.txt'], {
      ...PLACE,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)
    expect({ exitCode: status, stderr }).toEqual({
      exitCode: 2,
      stderr: 'scrim: standard output cannot be written (ENOSPC)\n',
    })
  })
})

describe('a reader that leaves early', () => {
  test('ends the command quietly', async () => {
    write('many.txt', `card ${CARD}\n`.repeat(20_000))
    const child = start(['many.txt'])
    child.stdin.end()
    const stderr = text(child.stderr)
    const exit = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), exit])
    child.stdout.destroy()
    await exit
    expect({ exitCode: child.exitCode, stderr: await stderr }).toEqual({ exitCode: 1, stderr: '' })
  })
})

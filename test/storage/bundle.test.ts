/** What is deployed: the built endpoint, alone in a folder, without the repository around it. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { generateKey } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { CREDENTIALS, KMS_KEY, REGION, startKms } from '../keys/kms-stand-in.ts'
import { pdf } from '../support/attachments.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'scrim-bundle-'))
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    SCRIM_SUBDOMAIN: 'example',
    SCRIM_APP_ID: '1',
    SCRIM_INSTALLATION_ID: '2',
    SCRIM_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    SCRIM_OAUTH_CLIENT_ID: 'scrim',
    SCRIM_OAUTH_CLIENT_SECRET: randomBytes(24).toString('base64url'),
    SCRIM_KEYS: generateKey('first'),
    SCRIM_FINGERPRINT_KEY: generateKey('first'),
    SCRIM_POLICY_FILE: join(folder, 'policy.json'),
    // Nothing listens there: Zendesk is down for this endpoint.
    SCRIM_ZENDESK_URL: 'http://127.0.0.1:9',
    DATABASE_URL: inject('postgresUrl'),
    PORT: '0',
    HOST: '127.0.0.1',
  }
}

let child: ChildProcess | undefined

beforeAll(() => {
  // The steps of `npm run build`, into folders of our own: other tests use `dist` meanwhile.
  const app = join(folder, 'built-app')
  const run = (...command: string[]) =>
    execFileSync(process.execPath, command, { cwd: root, stdio: 'pipe' })
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  run(vite, 'build', '--mode', 'endpoint', '--outDir', folder, '--emptyOutDir')
  run(vite, 'build', '--mode', 'app', '--outDir', app)
  run('--import', 'tsx', 'src/cli/scrim.ts', 'assemble', '--app', app, '--endpoint', folder)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(sandboxPolicy))
})

afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('the built endpoint', () => {
  it('runs as a Node server: migrates, serves pages and compressed scripts, stops in order', async () => {
    const env = { ...environment(), PORT: String(20_000 + (process.pid % 20_000)) }
    const server = spawn(process.execPath, [join(folder, 'node.js')], { cwd: tmpdir(), env })
    child = server
    let said = ''
    const listening = new Promise<void>((resolve, reject) => {
      const hear = (text: string) => {
        said += text
        if (said.includes('"listening"')) resolve()
      }
      server.stdout.setEncoding('utf8').on('data', hear)
      server.stderr.setEncoding('utf8').on('data', hear)
      server.once('exit', () => reject(new Error(said)))
    })
    await listening
    const base = `http://127.0.0.1:${env.PORT}`
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
    const page = await fetch(`${base}/zaf/ticket_sidebar`)
    const html = await page.text()
    expect(html).toContain('"refusal":"page_credential_missing"')
    const script = /<script type="module" src="([^"]+)"/.exec(html)?.[1] ?? ''
    const asset = await fetch(`${base}${script}`, { headers: { 'accept-encoding': 'br' } })
    expect([asset.status, asset.headers.get('content-encoding')]).toEqual([200, 'br'])
    expect((await fetch(`${base}/openapi.json`)).status).toBe(200)
    server.kill('SIGTERM')
    expect(await once(server, 'exit')).toEqual([0, null])
  })

  it('runs as a Lambda function behind an API Gateway', () => {
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: '/healthz',
      rawQueryString: '',
      headers: { host: 'scrim.example.com' },
      requestContext: {
        http: { method: 'GET', path: '/healthz', sourceIp: '192.0.2.1' },
        domainName: 'scrim.example.com',
        timeEpoch: 0,
      },
      isBase64Encoded: false,
    }
    const script = `
      import { handler } from ${JSON.stringify(pathToFileURL(join(folder, 'lambda.js')).href)}
      const answer = await handler(${JSON.stringify(event)}, {})
      console.log('status ' + answer.statusCode)
      process.exit(0)`
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: tmpdir(),
      env: environment(),
      encoding: 'utf8',
    })
    expect(said).toContain('status 200')
  })

  it('asks AWS KMS for its keys where that is configured', async () => {
    const kms = await startKms()
    const { SCRIM_KEYS: _, SCRIM_FINGERPRINT_KEY: __, ...others } = environment()
    const script = `
      import { handler } from ${JSON.stringify(pathToFileURL(join(folder, 'lambda.js')).href)}
      const answer = await handler({ source: 'aws.events' }, {})
      console.log('swept ' + answer.swept)
      process.exit(0)`
    const env = {
      ...others,
      SCRIM_SUBDOMAIN: 'example-kms',
      SCRIM_KMS_KEY_ID: KMS_KEY,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    }
    const args = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tmpdir(), env })
    expect(stdout).toContain('swept true')
    const made = kms.calls.filter(({ operation }) => operation === 'TrentService.GenerateDataKey')
    expect(made.map(({ context }) => context['purpose']).toSorted()).toEqual([
      'fingerprints',
      'values',
    ])
    await kms.close()
  })

  it('reads a PDF in a thread of its own', async () => {
    const [reader] = readdirSync(join(folder, 'assets')).filter((name) =>
      name.startsWith('read-pdf-'),
    )
    const base64 = Buffer.from(pdf('Read me')).toString('base64')
    const script = `
      import { readPdf } from ${JSON.stringify(pathToFileURL(join(folder, 'assets', reader ?? '')).href)}
      const found = await readPdf(new Uint8Array(Buffer.from('${base64}', 'base64')))
      console.log(JSON.stringify(found))`
    const args = ['--input-type=module', '--eval', script]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: tmpdir() })
    expect(JSON.parse(stdout)).toEqual({ text: 'Read me', isComplete: true })
    expect(stderr).toBe('')
  })

  it.each(['lambda.js', 'node.js'])(
    'loads neither a key service’s client nor pdf.js at its start: %s',
    (entry) => {
      const loaded = new Set<string>()
      const visit = (file: string): void => {
        if (loaded.has(file)) return
        loaded.add(file)
        const source = readFileSync(file, 'utf8')
        expect(source).not.toContain('TrentService')
        expect(source).not.toContain('InvalidPDFException')
        for (const [, path = ''] of source.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
          visit(join(file, '..', path))
        }
      }
      visit(join(folder, entry))
      expect(loaded.size).toBeGreaterThan(1)
    },
  )

  it('does not start without its secrets, and says which without quoting any', () => {
    const { SCRIM_KEYS: _, ...env } = environment()
    let said = ''
    try {
      execFileSync(process.execPath, [join(folder, 'node.js')], { env, stdio: 'pipe' })
    } catch (error) {
      said = String((error as { stderr: Buffer }).stderr)
    }
    expect(said.trim().split('\n')).toEqual([expect.stringContaining('SCRIM_KEYS')])
  })
})

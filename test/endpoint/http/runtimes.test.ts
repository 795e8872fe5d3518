/** Starting, stopping and the schedule: what the runtimes do besides answering. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LambdaEvent } from 'hono/aws-lambda'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createLambdaHandler } from '../../../src/endpoint/runtimes/lambda-handler.ts'
import { listen } from '../../../src/endpoint/runtimes/listen.ts'
import { startEndpoint } from '../../support/endpoint.ts'

const LOCAL = { port: 0, host: '127.0.0.1' }

describe('the Node server', () => {
  test('lets a request on its way finish before it ends', async () => {
    let answer: (response: Response) => void = () => undefined
    let hasArrived = (): void => undefined
    const arrived = new Promise<void>((resolve) => {
      hasArrived = resolve
    })
    const server = await listen(
      {
        fetch: () =>
          new Promise<Response>((resolve) => {
            answer = resolve
            hasArrived()
          }),
      },
      LOCAL,
    )
    const url = `http://127.0.0.1:${server.port}/`
    const response = fetch(url, { headers: { connection: 'close' } })
    await arrived
    const closed = server.close()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    answer(new Response('done'))
    expect(await (await response).text()).toBe('done')
    await closed
  })

  test('says when its port is taken', async () => {
    const app = { fetch: () => new Response() }
    const first = await listen(app, LOCAL)
    await expect(listen(app, { ...LOCAL, port: first.port })).rejects.toThrow('EADDRINUSE')
    await first.close(0)
  })

  test('with faults in its environment prints one line a fault and does not start', () => {
    const entry = fileURLToPath(new URL('../../../src/endpoint/runtimes/node.ts', import.meta.url))
    const result = spawnSync(process.execPath, ['--import', 'tsx', entry], {
      env: { PATH: process.env['PATH'], SCRIM_KEYS: 'k1:swordfish', SCRIM_SUBDOMAIN: 'example' },
      encoding: 'utf8',
    })
    expect(result.status).toBe(1)
    expect(result.stdout).toBe('')
    const lines = result.stderr.trim().split('\n')
    expect(lines).toContain('SCRIM_APP_ID is missing.')
    expect(lines).toContain('SCRIM_KEYS is refused: key 1 must be 32 bytes in base64.')
    expect(lines.every((line) => /^(SCRIM_\w+|DATABASE_URL) (is|must) /.test(line))).toBe(true)
    expect(result.stderr).not.toContain('swordfish')
  })
})

describe('the Lambda handler', () => {
  test('sweeps when its schedule says so', async () => {
    let sweeps = 0
    const handler = createLambdaHandler(new Hono(), async () => {
      sweeps += 1
    })
    expect(await handler({ source: 'aws.events' })).toEqual({ swept: true })
    expect(sweeps).toBe(1)
  })

  test('refuses events that are no HTTP request of version 2.0', async () => {
    const handler = createLambdaHandler(new Hono(), async () => undefined)
    const events = [{}, { httpMethod: 'GET', path: '/api/me' }, { Records: [] }]
    for (const event of events) {
      await expect(handler(event as unknown as LambdaEvent)).rejects.toThrow('version 2.0')
    }
  })
})

test('a sweep turns finished minutes of refusals into entries', async () => {
  const endpoint = await startEndpoint()
  await endpoint.openPage('nav_bar', null)
  endpoint.clock.advance(180)
  await endpoint.sweep()
  const entry = await endpoint.expectAuditEntry({ action: 'page.refuse' })
  expect(entry).toMatchObject({ code: 'page_credential_missing', data: { count: 1 } })
})

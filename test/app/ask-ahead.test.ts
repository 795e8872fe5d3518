import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askAhead } from '../../src/app/ask-ahead.ts'
import { createEndpointClient } from '../../src/app/shared/endpoint-client.ts'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'

const PATH = '/tickets/4001/protected-fields'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open(path: Promise<string | null>) {
  const double = openEndpointDouble()
  double.on('GET', '/*', ({ path: asked }) => json({ asked }))
  const { fetch } = double
  const endpoint = createEndpointClient({ fetch, credential: 'of-this-test', refusal: null })
  return { double, endpoint: askAhead(endpoint, path) }
}

const arrive = () => vi.advanceTimersByTimeAsync(0)

test('the first question goes out before the screen asks, and only once', async () => {
  const { double, endpoint } = open(Promise.resolve(PATH))
  await arrive()
  expect(double.sentTo('GET', PATH)).toHaveLength(1)
  expect(await endpoint.get(PATH)).toMatchObject({ body: { asked: PATH } })
  expect(double.sentTo('GET', PATH)).toHaveLength(1)
  await endpoint.get(PATH)
  expect(double.sentTo('GET', PATH)).toHaveLength(2)
})

test('its remaining seconds run from its arrival, not from when the screen looked', async () => {
  const { endpoint } = open(Promise.resolve(PATH))
  await arrive()
  const arrivedAt = performance.now()
  await vi.advanceTimersByTimeAsync(1_500)
  expect(await endpoint.get(PATH)).toMatchObject({ receivedAt: arrivedAt })
})

test('an answer that is here can be drawn before anybody asks', async () => {
  const { endpoint } = open(Promise.resolve(PATH))
  expect(endpoint.arrived(PATH)).toBeNull()
  await arrive()
  expect(endpoint.arrived(PATH)).toMatchObject({ body: { asked: PATH } })
  expect(endpoint.arrived('/tickets/4002/protected-fields')).toBeNull()
  await endpoint.get(PATH)
  expect(endpoint.arrived(PATH)).toBeNull()
})

test('a screen that comes two seconds later asks anew', async () => {
  const { double, endpoint } = open(Promise.resolve(PATH))
  await vi.advanceTimersByTimeAsync(2_001)
  await endpoint.get(PATH)
  expect(double.sentTo('GET', PATH)).toHaveLength(2)
})

test('another ticket’s question is not answered with this one’s', async () => {
  const { endpoint } = open(Promise.resolve(PATH))
  await arrive()
  const other = '/tickets/4002/protected-fields'
  expect(await endpoint.get(other)).toMatchObject({ body: { asked: other } })
})

test('what was refused ahead of the screen is told to it', async () => {
  const { double, endpoint } = open(Promise.resolve(PATH))
  double.on('GET', PATH, () => problem('ticket_access_denied', 403))
  await arrive()
  await expect(endpoint.get(PATH)).rejects.toMatchObject({ code: 'ticket_access_denied' })
})

test('without a ticket, and without a host, nothing is asked', async () => {
  const none = open(Promise.resolve(null))
  const alone = open(Promise.reject(new Error('no host')))
  await arrive()
  expect([...none.double.sent, ...alone.double.sent]).toEqual([])
})

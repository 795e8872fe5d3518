/**
 * An escalation lead's whole day, without a mouse: fifty requests, a colleague beside them, an
 * emergency that nobody answers, and leaving for a holiday. And how few acts a decision takes.
 */
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { chooseScheme, overflowIn, violationsIn, WHOLE } from '../support/appearance.ts'
import type { Call, SandboxBrowser } from '../support/sandbox-browser.ts'
import {
  AISHA,
  CARD,
  devToolsIn,
  INGRID,
  LENA,
  MAYA,
  MINUTE_MS,
  navBarIn,
  OMAR,
  startSandboxBrowser,
  TECHNICAL_SUPPORT,
  TOMAS,
} from '../support/sandbox-browser.ts'

const TEST_TIMEOUT_MS = 240_000
/** Shorter than an unused session lasts: whoever looks on keeps theirs. */
const SLA_MINUTES = 10

const VALUES = { card_number: CARD, phone: '+44 20 7946 0018', passport: 'L898902C3' }

/** No two are alike: a reason that comes again is a fact to look twice at. */
const REASONS = [
  'The acquirer wants the digits of the disputed payment',
  'Customer reads another number than the one in our letter',
  'Second refund bounced, compare with the bank',
  'Courier rejects the delivery without matching identification',
  'Chargeback deadline ends tonight and the form needs it',
]

type Planted = { ticketId: number; ids: string[] }

/** Ten tickets with five requests each: Maya's, Tomás's and, in technical support, Aisha's. */
async function plantFifty(world: SandboxBrowser): Promise<Planted[]> {
  const calls = new Map<number, Call>()
  for (const person of [MAYA, TOMAS, AISHA]) calls.set(person, await world.signIn(person))
  const planted: Planted[] = []
  for (let number = 0; number < 10; number += 1) {
    const isSupport = number >= 8
    const ticketId = await world.addTicket({
      values: VALUES,
      ...(isSupport ? { groupId: TECHNICAL_SUPPORT, assigneeId: AISHA } : {}),
    })
    const asks: [number, string[]][] = isSupport
      ? [
          [AISHA, ['phone']],
          [AISHA, ['card_number']],
          [AISHA, ['passport']],
        ]
      : [
          [MAYA, ['card_number']],
          [MAYA, ['phone']],
          [MAYA, ['passport']],
          [TOMAS, ['phone', 'card_number']],
          [TOMAS, ['passport']],
        ]
    const ids: string[] = []
    for (const [person, fieldIds] of asks) {
      ids.push(await askAs(calls.get(person), ticketId, fieldIds, number * 5 + ids.length))
    }
    planted.push({ ticketId, ids })
    world.moveClock(MINUTE_MS)
  }
  // Two support tickets make six; four more of Omar's own groups make it fifty.
  for (let number = 0; number < 4; number += 1) {
    const ticketId = await world.addTicket()
    const ids = [await askAs(calls.get(MAYA), ticketId, ['card_number'], 50 + number)]
    planted.push({ ticketId, ids })
  }
  return planted
}

async function askAs(
  call: Call | undefined,
  ticketId: number,
  fieldIds: readonly string[],
  number: number,
): Promise<string> {
  const request = await call?.('POST', 'reveal-requests', {
    ticketId,
    fieldIds,
    reasonCode: number % 2 === 0 ? 'refund' : 'identity_check',
    reasonText: `${REASONS[number % REASONS.length]}, file ${ticketId}-${number}`,
    minutes: 15,
  })
  return revealRequestView.parse(request).id
}

const listIn = (queue: FrameLocator) => queue.getByRole('list', { name: 'Requests' })
const rowsIn = (queue: FrameLocator) => listIn(queue).getByRole('button')
const selectedIn = (queue: FrameLocator) => listIn(queue).locator('[aria-current="true"]')

async function expectReadable(page: Page, state: string) {
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, 'nav_bar', scheme)
    expect(await violationsIn(page, 'nav_bar'), `${state}, ${scheme}`).toEqual([])
  }
}

/** Opens the queue with the keyboard in it, as it is after a Tab into the frame. */
async function openQueue(world: SandboxBrowser, personId: number, place = '#/apps/scrim') {
  const page = await world.openWindow(personId, place)
  const queue = navBarIn(page)
  await queue.getByRole('button', { name: /^Needs me/ }).focus()
  return { page, queue, press: (...keys: string[]) => pressAll(page, keys) }
}

async function pressAll(page: Page, keys: readonly string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

describe('the whole day', () => {
  let world: SandboxBrowser
  let planted: Planted[]

  beforeAll(async () => {
    const { approval, delegation, deciding } = sandboxPolicy
    const [oneLead] = approval.confidential
    if (oneLead === undefined) throw new Error('no level')
    world = await startSandboxBrowser({
      hasStory: false,
      delayMs: 0,
      policy: {
        ...sandboxPolicy,
        approval: {
          ...approval,
          confidential: [
            {
              ...oneLead,
              slaMinutes: SLA_MINUTES,
              escalatesTo: { roles: ['compliance'], groupIds: [] },
            },
          ],
        },
        deciding: { ...deciding, commentFor: { classes: ['secret'], offHours: false } },
        delegation: { ...delegation, toRoles: ['lead', 'frontline'] },
      },
    })
    planted = await plantFifty(world)
  }, TEST_TIMEOUT_MS)
  afterAll(() => world.close())
  afterEach(async () => {
    await world.closeWindows()
    expect(world.faults.splice(0)).toEqual([])
  })

  test(
    'a lead finds one of fifty requests by typing, and the address keeps what was looked for',
    async () => {
      const { page, queue, press } = await openQueue(world, OMAR)
      await queue.getByRole('button', { name: 'Needs me 50' }).waitFor()
      expect(await rowsIn(queue).count()).toBe(50)
      await expectReadable(page, 'fifty requests')

      await queue.getByRole('button', { name: /^Needs me/ }).focus()
      await press('/')
      await page.keyboard.type('tomas passport')
      await queue.getByText('8 of 50 fit.').waitFor()
      await page.keyboard.press('Enter')
      await press('j', 'j')
      const third = planted[2]?.ticketId
      expect(await selectedIn(queue).textContent()).toContain(`#${third}`)
      await press('/', 'Escape')
      await expect.poll(() => rowsIn(queue).count()).toBe(50)
      expect(await selectedIn(queue).textContent()).toContain(`#${third}`)

      await queue.getByRole('button', { name: 'Filter' }).focus()
      await press('Enter', 'Tab', 'Tab')
      const person = queue.getByLabel('Asked by')
      await person.focus()
      await page.keyboard.type('Aisha')
      await queue.getByText('6 of 50 fit.').waitFor()
      await queue.getByRole('button', { name: 'Keys' }).focus()
      await press('Enter')
      await expectReadable(page, 'narrowed, with the keys shown')
      expect(await overflowIn(page, 'nav_bar')).toEqual(WHOLE)
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'a claim is seen by the other lead, keeps them from deciding, and ends by itself',
    async () => {
      const support = planted[8]
      const [requestId = ''] = support?.ids ?? []
      const omar = await openQueue(world, OMAR, '#/apps/scrim')
      const lena = await openQueue(world, LENA, '#/apps/scrim')
      const find = async ({ page, queue, press }: typeof omar) => {
        await press('/')
        await page.keyboard.type(`#${support?.ticketId} phone`)
        await queue.getByText(/^1 of \d+ fits\./).waitFor()
        await page.keyboard.press('Enter')
      }
      await find(omar)
      await find(lena)
      await omar.press('c')
      await omar.queue.getByText('You claimed this').waitFor()
      await lena.queue.getByText('This request no longer waits for you.').waitFor()
      await lena.press('a', 'd')
      const call = await devToolsIn(lena.page, 'nav_bar')
      expect(await call('POST', `reveal-requests/${requestId}/approve`, {})).toEqual({
        status: 409,
        code: 'request_claimed',
      })
      await lena.queue.getByRole('button', { name: /^All pending/ }).focus()
      await lena.press('Enter')
      await lena.queue.getByText('Omar Haddad claimed this').waitFor()
      await lena.queue.getByText('Claimed: Omar').waitFor()
      await expectReadable(omar.page, 'claimed by me')
      await expectReadable(lena.page, 'claimed by somebody else')

      world.moveClock(11 * MINUTE_MS)
      await lena.queue.getByRole('button', { name: 'Claim', exact: true }).waitFor()
      await listIn(lena.queue).locator('[aria-current="true"]').focus()
      await lena.press('a')
      await lena.queue.getByText('Approved Phone for Aisha Khan.').waitFor()
      await lena.press('r')
      await lena.queue.getByText('Revoked. Aisha Khan no longer sees Phone.').waitFor()
      expect(
        await world.entries({ action: 'reveal_request.claim', ticketId: support?.ticketId ?? 0 }),
      ).toMatchObject([{ actor: { id: OMAR } }])
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'some of the fields, for one use, only today, with the comment that policy wants for a secret',
    async () => {
      const ticketId = planted[0]?.ticketId ?? 0
      const { page, queue, press } = await openQueue(world, OMAR)
      await press('/')
      await page.keyboard.type(`#${ticketId} tomas phone`)
      await queue.getByText(/^1 of \d+ fits\./).waitFor()
      await press('Enter', 'Tab')
      // The first of the two fields has the focus.
      await press('Space')
      await queue.getByRole('button', { name: 'Conditions' }).focus()
      await press('Enter', 'Tab', 'Space', 'Tab', 'Space')
      await queue.getByRole('button', { name: 'Conditions (2)' }).waitFor()
      await expectReadable(page, 'conditions')
      await queue.getByRole('checkbox', { name: 'Only today' }).focus()
      await press('a')
      await queue.getByText(/^Approved (Phone|Card number) for Tomás Vidal\.$/).waitFor()
      await expectReadable(page, 'after an approval')
      const grants = await world.entries({ action: 'grant.create', ticketId })
      expect(grants).toMatchObject([{ data: { uses: 1 } }])
      expect(grants[0]?.fields).toHaveLength(1)

      await queue.getByRole('searchbox').focus()
      await press('Escape', '/')
      await page.keyboard.type(`#${ticketId} maya passport`)
      await queue.getByText(/^1 of \d+ fits\./).waitFor()
      await press('Enter', 'a')
      await queue.getByText('Say in a sentence why this may be seen.').waitFor()
      await expectReadable(page, 'a comment that policy wants')
      await queue.getByRole('textbox', { name: /policy asks for it/ }).focus()
      await page.keyboard.type('The courier waits at the door')
      await press('Enter')
      await queue.getByText('Approved Passport for Maya Rivera.').waitFor()
      await queue.getByRole('searchbox').focus()
      await press('Escape')
      await queue.getByRole('button', { name: 'Decided' }).focus()
      await press('Enter')
      await queue.getByText('The courier waits at the door').waitFor()
      await press('j')
      await queue.getByText(/ · 15 min · 1 use · Only today$/).waitFor()
      await expectReadable(page, 'decided')
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'all requests on one ticket are approved with two keys, and denied with a comment, a line each',
    async () => {
      const [toApprove, toDeny] = [planted[1], planted[2]]
      const { page, queue, press } = await openQueue(world, OMAR)
      const open = async (ticketId: number | undefined) => {
        await press('/')
        await page.keyboard.type(`#${ticketId}`)
        await queue.getByText(/^5 of \d+ fit\./).waitFor()
        await press('Enter', 'b')
        await queue.getByRole('heading', { name: `Requests on #${ticketId}` }).waitFor()
      }
      await open(toApprove?.ticketId)
      await expectReadable(page, 'many on one ticket')
      await queue.getByRole('checkbox', { name: /^Maya Rivera → Card number/ }).focus()
      await press('Enter')
      // Two of the five are secret, and the policy wants a comment for those.
      await queue.getByText('Say in a sentence why this may be seen.').waitFor()
      await queue.getByRole('textbox', { name: /needed to deny/ }).focus()
      await page.keyboard.type('The bank is on the line for all of it')
      await press('Enter')
      await queue.getByText(`Decided on 5 of 5 on #${toApprove?.ticketId}`).waitFor()
      expect(await queue.getByText(/^Approved .* for (Maya Rivera|Tomás Vidal)\.$/).count()).toBe(5)
      await expectReadable(page, 'what came of many')
      await queue.getByRole('button', { name: 'Go on' }).focus()
      await press('Enter', '/', 'Escape')

      await open(toDeny?.ticketId)
      await queue.getByRole('textbox', { name: /needed to deny/ }).focus()
      await page.keyboard.type('Ask the customer to read it to you instead')
      await queue.getByRole('button', { name: 'Deny all 5' }).focus()
      await press('Enter')
      await queue.getByText(`Decided on 5 of 5 on #${toDeny?.ticketId}`).waitFor()
      const entries = await world.entries({ ticketId: toDeny?.ticketId ?? 0 })
      expect(entries.filter(({ action }) => action === 'reveal_request.deny')).toHaveLength(5)
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'a request that nobody answers in time opens to the next circle, which decides',
    async () => {
      const ticketId = await world.addTicket({ values: VALUES })
      await world.ask(ticketId, { fieldIds: ['phone'], requesterId: TOMAS })
      const { page, queue, press } = await openQueue(world, INGRID, '#/apps/scrim')
      const find = async () => {
        await queue.getByRole('tab', { name: /^Requests/ }).click()
        await queue.getByRole('button', { name: /^All pending/ }).focus()
        await press('Enter', '/')
        await page.keyboard.type(`#${ticketId}`)
        await queue.getByText(/^1 of \d+ fits\./).waitFor()
        await press('Enter')
      }
      await find()
      await queue.getByText(/the next circle is asked in \d+ min/).waitFor()
      expect(await queue.getByRole('button', { name: /^Approve/ }).isDisabled()).toBe(true)

      world.moveClock((SLA_MINUTES + 1) * MINUTE_MS)
      await world.sandbox.sweep()
      await queue.getByText('Nobody answered in time').waitFor()
      await expectReadable(page, 'escalated')
      await selectedIn(queue).focus()
      await press('a')
      await queue.getByText('Approved Phone for Tomás Vidal.').waitFor()
      expect(await world.entries({ action: 'reveal_request.escalate', ticketId })).toHaveLength(1)
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'whoever leaves for a holiday hands over, and their stand-in decides on their behalf',
    async () => {
      const ticketId = await world.addTicket({ values: VALUES })
      await world.ask(ticketId, { fieldIds: ['phone'] })
      const omar = await openQueue(world, OMAR)
      await omar.queue.getByRole('button', { name: 'Out of office' }).focus()
      await omar.press('Enter')
      const form = omar.queue.getByRole('form', { name: 'Hand your decisions over' })
      await form.getByLabel('Who decides for you').focus()
      await omar.page.keyboard.type('Tomás')
      const until = new Date(world.sandbox.now().getTime() + 5 * 24 * 60 * MINUTE_MS)
      await form.getByLabel('Until, that day included').fill(until.toISOString().slice(0, 10))
      await form.getByLabel('Why, for them and the log').focus()
      await omar.page.keyboard.type('Two weeks of holiday in Lisbon')
      await expectReadable(omar.page, 'out of office')
      await form.getByLabel('Why, for them and the log').focus()
      await omar.press('Enter')
      await omar.queue.getByText(/^Tomás Vidal decides for Omar Haddad until /).waitFor()
      await expectReadable(omar.page, 'handed over')

      const tomas = await openQueue(world, TOMAS)
      await tomas.press('/')
      await tomas.page.keyboard.type(`#${ticketId}`)
      await tomas.press('Enter')
      await tomas.queue.getByText('You decide on behalf of Omar Haddad').waitFor()
      await expectReadable(tomas.page, 'on behalf')
      await selectedIn(tomas.queue).focus()
      await tomas.press('a')
      await tomas.queue.getByText('Approved Phone for Maya Rivera.').waitFor()
      await tomas.queue.getByText('Decided on behalf of Omar Haddad.').waitFor()

      await omar.queue.getByRole('button', { name: /^End now/ }).focus()
      await omar.press('Enter')
      await omar.queue.getByText(/^Tomás Vidal decided for Omar Haddad until /).waitFor()
    },
    TEST_TIMEOUT_MS,
  )
})

describe('how much a decision takes, on the default policy', () => {
  let world: SandboxBrowser

  beforeAll(async () => {
    world = await startSandboxBrowser({ hasStory: false, delayMs: 0 })
    await plantFifty(world)
  }, TEST_TIMEOUT_MS)
  afterAll(() => world.close())
  afterEach(async () => {
    await world.closeWindows()
    expect(world.faults.splice(0)).toEqual([])
  })

  /** Counts what a person does, in the page and in every frame of it. Runs in the browser. */
  function count() {
    const acts = { clicks: 0, keys: 0 }
    Object.assign(window, { acts })
    window.addEventListener('click', (event) => (acts.clicks += Number(event.isTrusted)), true)
    window.addEventListener('keydown', (event) => (acts.keys += Number(event.isTrusted)), true)
  }

  const openCounted = (personId: number, place: string) =>
    world.openWindow(personId, place, (page) => page.addInitScript(count))

  async function actsOf(page: Page): Promise<{ clicks: number; keys: number }> {
    const each = await Promise.all(
      page
        .frames()
        .map((frame) => frame.evaluate(() => (window as unknown as { acts: typeof sum }).acts)),
    )
    const sum = { clicks: 0, keys: 0 }
    for (const { clicks, keys } of each) {
      sum.clicks += clicks
      sum.keys += keys
    }
    return sum
  }

  /** A ticket whose card number Maya asks for while the lead is there. */
  async function newRequest(): Promise<number> {
    const ticketId = await world.addTicket()
    await world.ask(ticketId)
    return ticketId
  }

  const approvedIn = async (page: Page, ticketId: number) => {
    await navBarIn(page).getByText('Approved Card number for Maya Rivera.').waitFor()
    expect(await world.entries({ action: 'grant.create', ticketId })).toHaveLength(1)
  }

  test(
    'from anywhere in Zendesk: the notice, a click on Scrim, a click on Approve',
    async () => {
      const page = await openCounted(OMAR, '#/tickets/4001')
      await page.getByText(/requests wait for your decision/).waitFor()
      const ticketId = await newRequest()
      await page.getByText(`Maya Rivera asks for Card number on #${ticketId}`).waitFor()
      const before = await actsOf(page)

      await page.getByRole('link', { name: 'Scrim' }).click()
      const queue = navBarIn(page)
      await queue.getByRole('heading', { name: `#${ticketId}` }).waitFor()
      await queue.getByRole('button', { name: /^Approve/ }).click()
      await approvedIn(page, ticketId)
      const after = await actsOf(page)
      expect(after.clicks - before.clicks).toBeLessThanOrEqual(2)
      expect(after.keys - before.keys).toBe(0)
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'with the queue open and fifty waiting: a click on the request, a click on Approve',
    async () => {
      const page = await openCounted(OMAR, '#/apps/scrim')
      const queue = navBarIn(page)
      await rowsIn(queue).first().waitFor()
      const ticketId = await newRequest()
      const row = listIn(queue).getByRole('button', { name: new RegExp(`#${ticketId}`) })
      await row.waitFor()
      const before = await actsOf(page)

      await row.click()
      await queue.getByRole('heading', { name: `#${ticketId}` }).waitFor()
      await queue.getByRole('button', { name: /^Approve/ }).click()
      await approvedIn(page, ticketId)
      expect((await actsOf(page)).clicks - before.clicks).toBeLessThanOrEqual(2)
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'by keys, with the queue open and fifty waiting: n for the newest, a to approve',
    async () => {
      const page = await openCounted(OMAR, '#/apps/scrim')
      const queue = navBarIn(page)
      await rowsIn(queue).first().waitFor()
      await queue.getByRole('button', { name: /^Needs me/ }).focus()
      const ticketId = await newRequest()
      await listIn(queue)
        .getByRole('button', { name: new RegExp(`#${ticketId}`) })
        .waitFor()
      const before = await actsOf(page)

      await page.keyboard.press('n')
      await queue.getByRole('heading', { name: `#${ticketId}` }).waitFor()
      await page.keyboard.press('a')
      await approvedIn(page, ticketId)
      const after = await actsOf(page)
      expect(after.keys - before.keys).toBeLessThanOrEqual(3)
      expect(after.clicks - before.clicks).toBe(0)
    },
    TEST_TIMEOUT_MS,
  )
})

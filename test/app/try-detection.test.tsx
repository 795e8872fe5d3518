import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { carry, findAll } from '../../src/app/features/try-detection/findings.ts'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { DetectionSettingsView } from '../../src/contract/detection.ts'
import type { Me } from '../../src/contract/session.ts'
import { DEFAULT_LEVELS } from '../../src/detect/detector.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { meCompliance, meFrontline, meLead } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const CARD = '4242 4242 4242 4242'
const EMAIL = 'maya.rivera@example.com'

const meAdministrator: Me = {
  ...meFrontline,
  person: { id: 107, name: 'Sam Okafor' },
  roles: ['administrator'],
}

const settings: DetectionSettingsView = {
  levels: { ...DEFAULT_LEVELS },
  custom: [
    {
      id: 'contract',
      label: 'Contract number',
      kind: 'other',
      pattern: 'K-\\d{6}',
      example: 'K-204711',
      confidence: 'certain',
    },
  ],
  saveGuard: {
    action: 'ask',
    kinds: ['payment_card'],
    maySendWithReason: true,
    whenUnable: 'block',
  },
}

let close: (() => void) | undefined
afterEach(() => close?.())

async function openDetection(change: Partial<DetectionSettingsView> = {}) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(meAdministrator))
  endpoint.on('GET', '/detection', () => json({ ...settings, ...change }))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: 'detection' })
  close = app.host.close
  const input = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Text to try' })
  await settle()
  const user = userEvent.setup()
  return {
    ...app,
    endpoint,
    user,
    input,
    /** Puts a text into the page at once, as pasting does. */
    paste: async (text: string) => {
      await user.clear(input)
      await user.click(input)
      await user.paste(text)
    },
    marks: () =>
      [...app.container.querySelectorAll('mark')].map(({ textContent, dataset }) => [
        dataset['kind'],
        textContent,
      ]),
  }
}

const findings = () => screen.findAllByRole('button', { name: /line \d/ })

describe('who tries detection', () => {
  test.each([
    ['an administrator', meAdministrator, true],
    ['compliance', meCompliance, true],
    ['a lead', meLead, false],
  ])('%s', async (_, me, hasTab) => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(me))
    endpoint.on('GET', '/detection', () => json(settings))
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'detection' })).host.close
    expect(screen.queryByRole('tab', { name: 'Detection' }) !== null).toBe(hasTab)
  })
})

describe('a text that is tried', () => {
  test('is marked in place, and each finding says kind, mask, confidence and why', async () => {
    const { paste, marks } = await openDetection()
    await paste(`Hi,\nmy card ${CARD} or ${EMAIL}`)
    const [card, email, ...others] = await findings()
    expect(others).toEqual([])
    expect(marks()).toEqual([
      ['payment_card', CARD],
      ['email', EMAIL],
    ])
    expect(card?.textContent).toContain('payment card number')
    expect(card?.textContent).toContain('certain')
    expect(card?.textContent).toContain('•••• •••• •••• 4242')
    expect(card?.textContent).toContain('line 2')
    expect(card?.textContent).toContain(
      'Its check digit fits (Luhn). A word for “card” stands beside it. payment_card',
    )
    expect(email?.textContent).toContain('Its form alone says so.')
  })

  test('a national number is explained by its country and initials', async () => {
    const { paste } = await openDetection()
    await paste('My SSN is 536-90-4399')
    const [ssn] = await findings()
    expect(ssn?.textContent).toContain('A word for “US SSN” stands beside it. us_ssn')
  })

  test('is shown as it would be masked', async () => {
    const { paste } = await openDetection()
    await paste(`Use ${CARD} please`)
    const masked = await screen.findByRole('region', { name: 'As a mask' })
    expect(masked.textContent).toBe('Use •••• •••• •••• 4242 please')
  })

  test('is sent nowhere and kept nowhere, and the page says so', async () => {
    const { paste, endpoint } = await openDetection()
    expect(
      screen.getByText('Detection runs in this browser. The text is not sent or stored.'),
    ).toBeTruthy()
    await paste(`card ${CARD}`)
    await findings()
    expect(endpoint.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /me',
      'GET /detection',
    ])
    expect(JSON.stringify(endpoint.sent)).not.toContain('4242')
    expect(window.location.href).not.toContain('4242')
    expect([window.localStorage.length, window.sessionStorage.length]).toEqual([0, 0])
  })

  test('is not checked, corrected or completed by the browser, which may ask a server', async () => {
    const { input } = await openDetection()
    expect(input.getAttribute('spellcheck')).toBe('false')
    expect(input.getAttribute('autocomplete')).toBe('off')
    expect(input.getAttribute('translate')).toBe('no')
  })

  test('a finding selects its place in the text', async () => {
    const { paste, user, input } = await openDetection()
    await paste(`card ${CARD} thanks`)
    const [card] = await findings()
    if (card !== undefined) await user.click(card)
    expect(document.activeElement).toBe(input)
    expect(input.value.slice(input.selectionStart, input.selectionEnd)).toBe(CARD)
  })

  test('what policy ignores is named when asked for, with the level it acts from', async () => {
    const { paste, user, marks } = await openDetection({
      levels: { ...DEFAULT_LEVELS, email: 'off' },
    })
    await paste(`Write to ${EMAIL}`)
    await screen.findByText('Policy ignores 1 weaker finding.')
    expect(screen.getByText('Policy acts on nothing in this text.')).toBeTruthy()
    expect(marks()).toEqual([])
    await user.click(screen.getByRole('switch', { name: 'Show what policy ignores' }))
    const [email] = await findings()
    expect(email?.textContent).toContain('Ignored: policy does not act on this kind.')
    expect(marks()).toEqual([['email', EMAIL]])
  })

  test('without findings says so, and begins with an example that has some', async () => {
    const { paste, user, input } = await openDetection()
    expect(screen.getByText('Findings appear here as you type, each with its reason.')).toBeTruthy()
    await paste('The screen stays black since Tuesday')
    await screen.findByText('Policy acts on nothing in this text.')
    await user.click(screen.getByRole('button', { name: 'Clear' }))
    expect(input.value).toBe('')
    await user.click(screen.getByRole('button', { name: 'Try an example' }))
    expect((await findings()).length).toBeGreaterThanOrEqual(2)
  })
})

describe('the current policy', () => {
  test('is shown kind by kind', async () => {
    await openDetection({ levels: { ...DEFAULT_LEVELS, phone: 'certain', ip_address: 'off' } })
    const row = (name: string) => screen.getByRole('row', { name: new RegExp(`^${name}`) })
    expect(within(row('phone number')).getByText('certain')).toBeTruthy()
    expect(within(row('IP address')).getByText('off')).toBeTruthy()
    expect(within(row('e-mail address')).getByText('likely')).toBeTruthy()
  })

  test('has custom detectors, whose examples can be tried', async () => {
    const { user } = await openDetection()
    await user.click(screen.getByRole('button', { name: 'Try the example of Contract number' }))
    const [contract] = await findings()
    expect(contract?.textContent).toContain('It matches your detector “Contract number”.')
  })

  test('that cannot be reached is said as such', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meAdministrator))
    endpoint.on('GET', '/detection', noNetwork)
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'detection' })).host.close
    await screen.findByText('Scrim cannot reach its server. Values stay masked.')
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  test('that one may not read is refused with a next step', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meAdministrator))
    endpoint.on('GET', '/detection', () => problem('role_not_permitted', 403))
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'detection' })).host.close
    expect(await screen.findByText('Your role does not include this.')).toBeTruthy()
  })

  test('that becomes unreachable later leaves the text and what was known', async () => {
    const { paste, endpoint, host, marks } = await openDetection()
    await paste(`card ${CARD}`)
    await findings()
    endpoint.on('GET', '/detection', noNetwork)
    act(() => host.fire('app.deactivated'))
    act(() => host.fire('app.activated'))
    await screen.findByText('Scrim cannot reach its server. Values stay masked.')
    expect(marks()).toEqual([['payment_card', CARD]])
  })
})

describe('marks', () => {
  const text = `a card ${CARD} and ${EMAIL} here`
  const spans = findAll(text, settings)

  test.each([
    ['before them', `Well, ${text}`],
    ['between them', text.replace(' and ', ', or ')],
    ['behind them', `${text} or there`],
  ])('stay on their words while one types %s', (_, next) => {
    expect(carry(spans, text, next).map(({ start, end }) => next.slice(start, end))).toEqual([
      CARD,
      EMAIL,
    ])
  })

  test('leave what one types into', () => {
    const next = text.replace('@', 'x@')
    expect(carry(spans, text, next).map(({ start, end }) => next.slice(start, end))).toEqual([CARD])
    expect(carry(spans, text, '')).toEqual([])
  })
})

import { act, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SaveGuard } from '../../src/app/features/save-guard/SaveGuard.tsx'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { DetectionSettingsView } from '../../src/contract/detection.ts'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { DEFAULT_LEVELS } from '../../src/detect/detector.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { UNAVAILABLE } from '../zaf/zaf-host.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { cardField, listMasked } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

// Loaded ahead, so that the host is not left waiting for a chunk to be transformed.
void SaveGuard

/** Test numbers of Visa and Mastercard, published; the addresses are nobody's. */
const CARD = '4111 1111 1111 1111'
const OTHER_CARD = '5555 5555 5555 4444'
const CARD_MASK = '•••• •••• •••• 1111'
const MAIL = 'ann.other@example.com'

const LIST = '/tickets/4001/protected-fields'
const PUT_CARD = '/tickets/4001/protected-fields/card_number/value'
const STOPS = '/tickets/4001/save-guard-stops'
const PASSES = '/tickets/4001/save-guard-passes'

const emptyCard = { ...cardField, masked: null, hasValue: false }
const withEmptyCard: ProtectedFieldList = { ...listMasked, fields: [emptyCard] }

const asking: DetectionSettingsView = {
  levels: DEFAULT_LEVELS,
  custom: [],
  saveGuard: {
    action: 'ask',
    kinds: [...DETECTED_KINDS],
    maySendWithReason: true,
    whenUnable: 'block',
  },
}
const settingsWith = (saveGuard: Partial<DetectionSettingsView['saveGuard']>) => ({
  ...asking,
  saveGuard: { ...asking.saveGuard, ...saveGuard },
})

let close: (() => void) | undefined
afterEach(() => {
  vi.restoreAllMocks()
  close?.()
})

async function open(
  draft: string | typeof UNAVAILABLE,
  options: {
    list?: ProtectedFieldList
    settings?: DetectionSettingsView | null
    isNote?: boolean
    search?: string
  } = {},
) {
  const { settings = asking } = options
  const endpoint = openEndpointDouble()
  endpoint.on('GET', LIST, () => json(options.list ?? withEmptyCard))
  endpoint.on('GET', '/detection', () => (settings === null ? noNetwork() : json(settings)))
  endpoint.on('POST', STOPS, () => json({ isLogged: true }))
  endpoint.on('POST', PASSES, () => json({ id: '00000000-0000-4000-8000-0000000000c1' }))
  endpoint.on('PUT', PUT_CARD, () =>
    json({ fieldId: 'card_number', masked: CARD_MASK, version: 1 }),
  )
  const app = await openApp(TicketSidebar, {
    endpoint,
    ...(options.search === undefined ? {} : { search: options.search }),
    host: {
      'comment.text': draft,
      'ticket.comment': draft,
      'comment.type': options.isNote === true ? 'internalNote' : 'publicReply',
    },
  })
  close = app.host.close
  const submit = async () => {
    const asked = app.host.ask('ticket.save')
    // The guard comes with the first question: its chunk, its first render, then its answer.
    for (let turn = 0; turn < 4; turn += 1) await settle()
    const objection = await asked
    await settle()
    return objection
  }
  const press = async (name: string | RegExp) => {
    fireEvent.click(screen.getByRole('button', { name }))
    await settle()
    await settle()
  }
  const acts = () => endpoint.sentTo('POST', STOPS).map(({ body }) => body)
  return { ...app, endpoint, submit, press, acts, draft: () => app.host.properties['comment.text'] }
}

const finding = (name: string) =>
  within(screen.getByRole('listitem', { name: new RegExp(`^${name} `) }))
const panel = () => screen.queryByRole('region')

describe('before a save', () => {
  test.each(['', 'Thank you, the refund is on its way.', `Your card ends in ${CARD_MASK}`])(
    'a draft with nothing sensitive goes through: %s',
    async (draft) => {
      const { submit, acts } = await open(draft)
      expect(await submit()).toBeNull()
      expect(panel()).toBeNull()
      expect(acts()).toEqual([])
    },
  )

  test('a card number stops the save; Zendesk and the panel name it and never show it', async () => {
    const { submit, acts, container } = await open(`Your card ${CARD} was charged.`)
    expect(await submit()).toBe(
      'Scrim stopped this reply. It holds: payment card number. See the Scrim panel beside the ticket.',
    )
    const item = finding('Payment card number')
    expect(item.getByText(CARD_MASK)).toBeTruthy()
    expect(item.getByText('certain')).toBeTruthy()
    expect(item.getByText('In your reply. Goes to Card number.')).toBeTruthy()
    expect(container.innerHTML.replace(/\s/g, '')).not.toContain('4111')
    expect(screen.getByText(/^Not sent\. Scrim found: payment card number\.$/)).toBeTruthy()
    expect(acts()).toEqual([{ act: 'stop', kinds: ['payment_card'], count: 1, isPublic: true }])
  })

  test('an internal note is looked at, too, and called one', async () => {
    const { submit } = await open(`Card ${CARD}`, { isNote: true })
    expect(await submit()).toMatch(/^Scrim stopped this note\./)
    expect(screen.getByText('Your note was not saved')).toBeTruthy()
    expect(finding('Payment card number').getByText(/^In your note\./)).toBeTruthy()
  })

  test('a value that a rich editor splits by tags and references is found and named once', async () => {
    const { submit } = await open(`<p>Card 4111 <b>1111</b>&nbsp;1111 1111 and ${CARD}</p>`)
    expect(await submit()).toMatch(/payment card number/)
    const item = finding('Payment card number')
    expect(item.getByText(CARD_MASK)).toBeTruthy()
    expect(item.getByText(/^In your reply, 2 times\./)).toBeTruthy()
  })

  test('what policy does not ask about is sent as it is written', async () => {
    const settings = settingsWith({ kinds: ['credential'] })
    const { submit } = await open(`Card ${CARD}, and write to ${MAIL}`, { settings })
    expect(await submit()).toBeNull()
    expect(screen.queryByText('Your reply was not sent')).toBeNull()
  })

  test('an address that a link leads to is found behind other words', async () => {
    const { submit } = await open(`<p>Write <a href="mailto:${MAIL}">to her</a></p>`)
    expect(await submit()).toMatch(/e-mail address/)
  })

  test('"Why?" says how sure it is and what speaks for it, without the text', async () => {
    const { submit, press } = await open(`Your card ${CARD} was charged.`)
    await submit()
    await press('Why is this a finding: Payment card number')
    const note = within(screen.getByRole('note'))
    expect(note.getByText('Scrim is certain: nothing else is written like this.')).toBeTruthy()
    expect(note.getByText('Its check digits are right (luhn).')).toBeTruthy()
    expect(note.getByText('A word beside it says what it is.')).toBeTruthy()
    expect(note.getByText(/^Rule payment_card\./)).toBeTruthy()
  })

  test('the panel says where the guard never runs', async () => {
    const { submit } = await open(`Card ${CARD}`)
    await submit()
    expect(
      screen.getByText(
        /New tickets, messaging, the mobile apps, bulk updates and the API do not pass here/,
      ),
    ).toBeTruthy()
  })

  test('policy that wants no guard has none', async () => {
    const { submit } = await open(`Card ${CARD}`, { settings: settingsWith({ action: 'off' }) })
    expect(await submit()).toBeNull()
    expect(panel()).toBeNull()
  })

  test('policy that acts on less than this lets it pass', async () => {
    const { submit } = await open(`Card ${CARD}`, {
      settings: { ...asking, levels: { ...DEFAULT_LEVELS, payment_card: 'off' } },
    })
    expect(await submit()).toBeNull()
  })

  test('without an answer about policy the strict default asks, and offers no way around', async () => {
    const { submit } = await open(`Card ${CARD}`, { settings: null })
    expect(await submit()).toMatch(/payment card number/)
    expect(screen.queryByText('Send anyway')).toBeNull()
  })
})

describe('moving to the vault', () => {
  test('the value goes to the endpoint first, then the draft holds the mask, and the save passes', async () => {
    const { submit, press, endpoint, draft, host, acts } = await open(`Card ${CARD} was charged.`)
    await submit()
    endpoint.on('PUT', PUT_CARD, () => {
      expect(host.properties['comment.text']).toContain(CARD)
      return json({ fieldId: 'card_number', masked: CARD_MASK, version: 1 })
    })
    await press('Move to the vault')
    expect(endpoint.sentTo('PUT', PUT_CARD).map(({ body }) => body)).toEqual([{ value: CARD }])
    expect(draft()).toBe(`Card ${CARD_MASK} was charged.`)
    expect(screen.getByText('Nothing sensitive left.')).toBeTruthy()
    expect(screen.getByText('Submit again.')).toBeTruthy()
    expect(screen.getByText(`Moved to the vault. The draft holds ${CARD_MASK}.`)).toBeTruthy()
    expect(acts().at(-1)).toEqual({
      act: 'move',
      kinds: ['payment_card'],
      count: 1,
      isPublic: true,
    })
    expect(await submit()).toBeNull()
    expect(panel()).toBeNull()
  })

  test('in a rich editor the tags around and inside the value stay', async () => {
    const { submit, press, draft } = await open(
      '<p>Card <i>4111 <b>1111</b>&nbsp;1111 1111</i> was charged.</p>',
    )
    await submit()
    await press('Move to the vault')
    expect(draft()).toBe(`<p>Card <i>${CARD_MASK}<b></b></i> was charged.</p>`)
    expect(screen.getByText('Nothing sensitive left.')).toBeTruthy()
  })

  test('what the agent writes meanwhile stays, and the value is found where it stands by then', async () => {
    const { submit, press, endpoint, draft, host } = await open(`Card ${CARD} was charged.`)
    await submit()
    endpoint.on('PUT', PUT_CARD, () => {
      host.properties['comment.text'] = `Dear Ann, your card ${CARD} was charged twice.`
      return json({ fieldId: 'card_number', masked: CARD_MASK, version: 1 })
    })
    await press('Move to the vault')
    expect(draft()).toBe(`Dear Ann, your card ${CARD_MASK} was charged twice.`)
  })

  test('something new that came into the draft meanwhile is named', async () => {
    const { submit, press, endpoint, host } = await open(`Card ${CARD} was charged.`)
    await submit()
    endpoint.on('PUT', PUT_CARD, () => {
      host.properties['comment.text'] = `Card ${CARD} was charged. Write to ${MAIL}`
      return json({ fieldId: 'card_number', masked: CARD_MASK, version: 1 })
    })
    await press('Move to the vault')
    expect(screen.queryByText('Nothing sensitive left.')).toBeNull()
    expect(finding('E-mail address').getByText('Mask it')).toBeTruthy()
  })

  test('a field that holds a value is replaced only after a question, which Escape closes', async () => {
    const { submit, press, endpoint } = await open(`Card ${CARD}`, { list: listMasked })
    await submit()
    expect(
      screen.getByText(/Card number already holds a value; this one would replace it\./),
    ).toBeTruthy()
    await press('Move to the vault')
    expect(endpoint.sentTo('PUT', PUT_CARD)).toEqual([])
    expect(screen.getByText(/Open grants on the old one end\./)).toBeTruthy()
    expect(document.activeElement?.textContent).toBe('Replace it')
    await userEvent.setup().keyboard('{Escape}')
    await settle()
    expect(screen.queryByText('Replace it')).toBeNull()
    await press('Move to the vault')
    await press('Replace it')
    expect(endpoint.sentTo('PUT', PUT_CARD)).toHaveLength(1)
  })

  test('among several fields the empty one is offered first', async () => {
    const spare = { ...emptyCard, fieldId: 'second_card', label: 'Second card' }
    const { submit } = await open(`Card ${CARD}`, {
      list: { ...listMasked, fields: [cardField, spare] },
    })
    await submit()
    const choices = screen.getByLabelText<HTMLSelectElement>('Field')
    expect([...choices.options].map(({ text }) => text)).toEqual([
      'Second card (empty)',
      'Card number (holds a value)',
    ])
  })

  test('a vault that refuses leaves the draft as it was and says why', async () => {
    const { submit, press, endpoint, draft } = await open(`Card ${CARD}`)
    endpoint.on('PUT', PUT_CARD, () => problem('storage_unavailable', 503))
    await submit()
    await press('Move to the vault')
    expect(draft()).toBe(`Card ${CARD}`)
    expect(finding('Payment card number').getByRole('alert')).toBeTruthy()
    expect(await submit()).toMatch(/payment card number/)
  })

  test('a draft that cannot be changed is said, and trying again does not store twice', async () => {
    const { submit, press, endpoint, host, draft } = await open(`Card ${CARD}`)
    await submit()
    endpoint.on('PUT', PUT_CARD, () => {
      host.properties['comment.text'] = UNAVAILABLE
      return json({ fieldId: 'card_number', masked: CARD_MASK, version: 1 })
    })
    await press('Move to the vault')
    expect(screen.getByRole('alert').textContent).toMatch(
      /The value is in the vault, but the draft could not be changed/,
    )
    host.properties['comment.text'] = `Card ${CARD}`
    await press('Move to the vault')
    if (screen.queryByText('Replace it') !== null) await press('Replace it')
    expect(endpoint.sentTo('PUT', PUT_CARD)).toHaveLength(1)
    expect(draft()).toBe(`Card ${CARD_MASK}`)
  })

  test('a host that takes HTML literally ends with plain words, not with tags in the reply', async () => {
    const { submit, press, host } = await open(`<p>Card ${CARD} &amp; more</p>`)
    await submit()
    const escaped = (text: unknown) =>
      String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    let held: unknown = host.properties['comment.text']
    Object.defineProperty(host.properties, 'comment.text', {
      get: () => held,
      set: (text: unknown) => {
        held = escaped(text)
      },
    })
    await press('Move to the vault')
    expect(String(held)).not.toContain('&lt;p')
    expect(String(held)).toContain(`Card ${CARD_MASK} &amp; more`)
  })
})

describe('masking', () => {
  test('where no field fits only the mask can stay, and the panel says so', async () => {
    const { submit, press, draft, endpoint } = await open(`Write to ${MAIL} please`)
    await submit()
    expect(screen.queryByText('Move to the vault')).toBeNull()
    expect(screen.getByText(/No field of this ticket takes this kind/)).toBeTruthy()
    await press('Mask it')
    expect(draft()).toBe('Write to a•••@example.com please')
    expect(endpoint.sent.filter(({ method }) => method === 'PUT')).toEqual([])
    expect(screen.getByText('Nothing sensitive left.')).toBeTruthy()
  })

  test('all at once: what has an empty field is moved, of the rest the mask stays', async () => {
    const { submit, press, draft, endpoint, acts } = await open(
      `Cards ${CARD} and ${OTHER_CARD}, mail ${MAIL}`,
    )
    await submit()
    expect(screen.getAllByRole('listitem', { name: /•••/ })).toHaveLength(3)
    await press('Move or mask all')
    expect(endpoint.sentTo('PUT', PUT_CARD).map(({ body }) => body)).toEqual([{ value: CARD }])
    expect(draft()).toBe(`Cards ${CARD_MASK} and •••• •••• •••• 4444, mail a•••@example.com`)
    expect(acts().slice(1)).toEqual([
      { act: 'move', kinds: ['payment_card'], count: 1, isPublic: true },
      { act: 'mask', kinds: ['payment_card', 'email'], count: 2, isPublic: true },
    ])
    expect(await submit()).toBeNull()
  })

  test('when one is settled the next one has the focus', async () => {
    const { submit, press } = await open(`Card ${CARD}, mail ${MAIL}`)
    await submit()
    // jsdom's document loses the focus with the button that had it; a browser's does not.
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    screen.getByRole('button', { name: 'Move to the vault' }).focus()
    await press('Move to the vault')
    expect(document.activeElement).toBe(screen.getByRole('listitem', { name: /^E-mail address / }))
  })

  test('what the agent takes out by hand leaves the panel when they turn to it', async () => {
    const { submit, host } = await open(`Card ${CARD}`)
    await submit()
    host.properties['comment.text'] = 'Your card was charged.'
    act(() => void window.dispatchEvent(new Event('focus')))
    await settle()
    expect(screen.getByText('Nothing sensitive left.')).toBeTruthy()
  })
})

describe('sending it all the same', () => {
  async function openSending(settings = asking) {
    const app = await open(`Pay to card ${CARD}`, { settings })
    await app.submit()
    return { ...app, user: userEvent.setup() }
  }

  test('a reason lets exactly this draft through, once', async () => {
    const { press, user, endpoint, submit, host, draft } = await openSending()
    await press('Send anyway')
    await user.keyboard('It is our own card for the demo account{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', PASSES).map(({ body }) => body)).toEqual([
      {
        kinds: ['payment_card'],
        count: 1,
        isPublic: true,
        reasonText: 'It is our own card for the demo account',
      },
    ])
    expect(screen.getByText('You may send this draft once.')).toBeTruthy()
    expect(await submit()).toBeNull()
    expect(draft()).toBe(`Pay to card ${CARD}`)
    act(() => host.fire('ticket.submit.done'))
    expect(await submit()).toMatch(/payment card number/)
    act(() => host.fire('ticket.submit.fail'))
    expect(await submit()).toMatch(/payment card number/)
  })

  test('a host that does not tell what became of a save gets no second one for a pass', async () => {
    const { press, user, submit, host } = await openSending()
    await press('Send anyway')
    await user.keyboard('It is our own card for the demo account{Enter}')
    await settle()
    expect(await submit()).toBeNull()
    expect(await submit()).toMatch(/payment card number/)
    // The objection itself is a save that failed.
    act(() => host.fire('ticket.submit.fail'))
    expect(await submit()).toMatch(/payment card number/)
  })

  test('a draft with one finding more asks again', async () => {
    const { press, user, submit, host } = await openSending()
    await press('Send anyway')
    await user.keyboard('It is our own card for the demo account{Enter}')
    await settle()
    host.properties['comment.text'] = `Pay to card ${CARD} or ${OTHER_CARD}`
    expect(await submit()).toMatch(/payment card number/)
  })

  test('a pass for a note is none for a reply', async () => {
    const { press, submit, host } = await open(`Card ${CARD}`, { isNote: true })
    await submit()
    await press('Send anyway')
    await userEvent.setup().keyboard('It is our own card for the demo account{Enter}')
    await settle()
    host.properties['comment.type'] = 'publicReply'
    expect(await submit()).toMatch(/^Scrim stopped this reply/)
  })

  test('a save that Zendesk did not make leaves the pass', async () => {
    const { press, user, submit, host } = await openSending()
    await press('Send anyway')
    await user.keyboard('It is our own card for the demo account{Enter}')
    await settle()
    expect(await submit()).toBeNull()
    act(() => host.fire('ticket.submit.fail'))
    expect(screen.getByText('You may send this draft once.')).toBeTruthy()
    expect(await submit()).toBeNull()
  })

  test.each([
    ['reason_not_meaningful', /does not say why it must be sent/],
    ['reason_repeated', /gave the same reason before/],
    ['save_guard_pass_not_allowed', /Policy does not let/],
  ] as const)(
    'a refusal (%s) stands in the form, and the draft stays stopped',
    async (code, says) => {
      const { press, user, endpoint, submit } = await openSending()
      endpoint.on('POST', PASSES, () => problem(code, 422))
      await press('Send anyway')
      await user.keyboard('because because because{Enter}')
      await settle()
      expect(within(screen.getByRole('form')).getByText(says)).toBeTruthy()
      expect(await submit()).toMatch(/payment card number/)
    },
  )

  test('Escape closes the form and the focus returns to its button', async () => {
    const { press, user } = await openSending()
    await press('Send anyway')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    expect(document.activeElement?.textContent).toBe('Send anyway')
  })

  test('where policy forbids it nobody is offered it', async () => {
    await openSending(settingsWith({ maySendWithReason: false }))
    expect(screen.queryByText('Send anyway')).toBeNull()
    expect(screen.getByText('Policy lets nobody send it as it is.')).toBeTruthy()
  })
})

describe('a guard that cannot look', () => {
  test('blocks where policy blocks, and says why, to Zendesk and in the panel', async () => {
    const { submit, acts } = await open(UNAVAILABLE)
    expect(await submit()).toBe(
      'Scrim could not check what you wrote, and policy sends nothing unchecked. ' +
        'Zendesk did not say what you wrote. Submit again. If it stays so, reload the page.',
    )
    expect(screen.getByText('Not checked')).toBeTruthy()
    expect(acts()).toEqual([{ act: 'block_unchecked', kinds: [], count: 0, isPublic: true }])
  })

  test('lets pass where policy lets pass, and says that nothing was checked', async () => {
    const { submit, acts } = await open(UNAVAILABLE, {
      settings: settingsWith({ whenUnable: 'pass' }),
    })
    expect(await submit()).toBeNull()
    expect(screen.getByText(/Policy let it through unchecked\./)).toBeTruthy()
    expect(acts()).toEqual([{ act: 'pass_unchecked', kinds: [], count: 0, isPublic: true }])
  })

  test('blocks when it never heard what policy wants', async () => {
    const { submit } = await open(UNAVAILABLE, { settings: null })
    expect(await submit()).toMatch(/could not check what you wrote/)
  })

  test('a custom detector that throws stops the draft instead of the guard', async () => {
    const broken = {
      id: 'x',
      label: 'X',
      kind: 'other',
      pattern: '(((',
      example: 'x',
      confidence: 'certain',
    } as const
    const { submit } = await open('Hello', { settings: { ...asking, custom: [broken] } })
    expect(await submit()).toMatch(/The detector failed\./)
  })
})

test('German and Arabic have every word of the panel', async () => {
  for (const [search, title, direction] of [
    ['?locale=de', 'Ihre Antwort wurde nicht gesendet', 'ltr'],
    ['?locale=ar', 'لم يُرسل ردك', 'rtl'],
  ] as const) {
    const { submit, unmount } = await open(`Card ${CARD}`, { search })
    await submit()
    expect(screen.getByText(title)).toBeTruthy()
    expect(document.documentElement.dir).toBe(direction)
    expect(document.body.textContent).not.toMatch(/save_guard\.|kinds\./)
    unmount()
    close?.()
  }
})

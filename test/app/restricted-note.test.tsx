/** Writing an internal note that only some may read, from the sidebar, and what others see of it. */
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { factsOf } from '../../src/app/features/decide-requests/facts.ts'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import { createTranslation, loadLocale } from '../../src/app/shared/translation.ts'
import type { ProtectedFieldList, ProtectedFieldView } from '../../src/contract/protected-fields.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { contextCalm, listMasked, maya, requestPending, tomas } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const LIST = '/tickets/4001/protected-fields'
const NOTES = '/tickets/4001/restricted-notes'
const TITLE = 'Write a restricted note'
const DRAFT = 'Restricted note, not saved yet'
const TEXT = 'Do not refund before Lena called back.'

let close: (() => void) | undefined
afterEach(() => {
  cleanup()
  close?.()
})

const AT = '2026-11-20T12:04:00.000Z'
/** 12:04 where the clock shows UTC. */
const NOON = createTranslation('en-GB').time(AT)

/** The note that Maya wrote at noon. */
const noteField: ProtectedFieldView = {
  fieldId: 'note_1',
  label: 'note_1',
  kind: 'internal_note',
  sensitivityClass: 'secret',
  place: { in: 'note', number: 1 },
  written: { by: maya, at: AT, ageSeconds: 600 },
  protection: 'vaulted',
  access: 'request',
  masked: '••••••••',
  hasValue: true,
  contentType: null,
  mayAsk: { allowed: true },
  mayTakeIn: { allowed: false, code: 'field_unknown' },
  why: { rule: 'levels', next: 'ask' },
}
const withNote: ProtectedFieldList = { ...listMasked, fields: [...listMasked.fields, noteField] }

async function openSidebar(first: ProtectedFieldList = listMasked, search = '?locale=en-GB') {
  const endpoint = openEndpointDouble()
  let list = first
  endpoint.on('GET', LIST, () => json(list))
  endpoint.on('POST', NOTES, () => {
    list = withNote
    return json({ fieldId: 'note_1', sensitivityClass: 'secret' })
  })
  const app = await openApp(TicketSidebar, { endpoint, search })
  close = app.host.close
  return { ...app, endpoint, user: userEvent.setup() }
}

async function openForm(first?: ProtectedFieldList) {
  const opened = await openSidebar(first)
  await opened.user.click(screen.getByRole('button', { name: TITLE }))
  await settle()
  return opened
}

const form = () => within(screen.getByRole('form', { name: TITLE }))
const area = () => form().getByLabelText<HTMLTextAreaElement>('Note')
const write = (text: string) => fireEvent.change(area(), { target: { value: text } })
const save = () => form().getByRole('button', { name: 'Save the note' })

describe('the form', () => {
  test('sends text and class, closes, says so, and leads to the new row', async () => {
    const { endpoint, user } = await openForm()
    expect(document.activeElement).toBe(area())
    write(TEXT)
    await user.click(form().getByRole('radio', { name: 'secret' }))
    await user.click(save())
    await settle()
    expect(endpoint.sentTo('POST', NOTES).map(({ body }) => body)).toEqual([
      {
        text: TEXT,
        sensitivityClass: 'secret',
        attemptId: expect.stringMatching(/^[\da-f-]{36}$/),
      },
    ])
    expect(screen.queryByRole('form')).toBeNull()
    expect(screen.getByText(/^The note is in the vault\./)).toBeTruthy()
    const row = screen.getByRole('listitem', { name: `Note by Maya, ${NOON}` })
    await new Promise((resolve) => {
      requestAnimationFrame(resolve)
    })
    expect(document.activeElement).toBe(row)
    expect(screen.getByRole('button', { name: TITLE })).toBeTruthy()
  })

  test('says of each class who reads it, who decides, and how long it is shown', async () => {
    const { user } = await openForm()
    expect(form().getByRole<HTMLInputElement>('radio', { name: 'restricted' }).checked).toBe(true)
    form().getByText(
      'Agents may ask to read it. Leads decide each time. Leads may read it after giving a reason. It is shown for 1 min at a time.',
    )
    await user.click(form().getByRole('radio', { name: 'confidential' }))
    form().getByText(
      'Agents and leads may ask to read it. Leads decide each time. It is shown for 2 mins at a time.',
    )
    await user.click(form().getByRole('radio', { name: 'secret' }))
    form().getByText('Leads may read it after giving a reason. It is shown for 30 secs at a time.')
  })

  test('is offered only where somebody may write a note', async () => {
    await openSidebar({ ...listMasked, noteClasses: [] })
    expect(screen.queryByRole('button', { name: TITLE })).toBeNull()
  })

  test.each(['{Control>}{Enter}{/Control}', '{Meta>}{Enter}{/Meta}'])(
    'is sent by %s; Enter alone is a new line',
    async (keys) => {
      const { endpoint, user } = await openForm()
      await user.type(area(), 'One{Enter}two')
      expect(endpoint.sentTo('POST', NOTES)).toEqual([])
      await user.keyboard(keys)
      await settle()
      expect(endpoint.sentTo('POST', NOTES)).toMatchObject([{ body: { text: 'One\ntwo' } }])
    },
  )

  test('asks for a text before it sends anything', async () => {
    const { endpoint, user } = await openForm()
    await user.type(area(), '  ')
    await user.click(save())
    expect(form().getByText('Write the note.')).toBeTruthy()
    expect(endpoint.sentTo('POST', NOTES)).toEqual([])
  })

  test('cuts nothing off what is pasted: it says how much is too much', async () => {
    const { endpoint, user } = await openForm()
    write('x'.repeat(4000))
    expect(form().getByText('96 characters left')).toBeTruthy()
    write('x'.repeat(4100))
    expect(area().value).toHaveLength(4100)
    expect(form().getByText('Shorten it by 4 characters.')).toBeTruthy()
    await user.click(save())
    expect(endpoint.sentTo('POST', NOTES)).toEqual([])
  })

  test('gives the text to no spelling service and no memory of the browser', async () => {
    await openForm()
    expect(area().getAttribute('spellcheck')).toBe('false')
    expect(area().getAttribute('autocomplete')).toBe('off')
  })
})

describe('a text that is not saved yet', () => {
  test('stays when Escape closes the form; the focus returns, and the button says so', async () => {
    const { user } = await openForm()
    write(TEXT)
    await user.click(form().getByRole('radio', { name: 'secret' }))
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    const button = screen.getByRole('button', { name: DRAFT })
    expect(document.activeElement).toBe(button)
    expect(screen.getByText('Your text stays here while this page is open.')).toBeTruthy()
    await user.click(button)
    await settle()
    expect(area().value).toBe(TEXT)
    expect(form().getByRole<HTMLInputElement>('radio', { name: 'secret' }).checked).toBe(true)
  })

  test('an empty form closes without a word', async () => {
    const { user } = await openForm()
    await user.keyboard('{Escape}')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: TITLE }))
    expect(screen.queryByText('Your text stays here while this page is open.')).toBeNull()
  })

  test('has the browser ask before the page is left, and only then', async () => {
    const { user } = await openForm()
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true })
      window.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(leave()).toBe(false)
    write(TEXT)
    expect(leave()).toBe(true)
    await user.click(save())
    await settle()
    expect(leave()).toBe(false)
  })

  test('stays after a failure, and is sent again as the same attempt, not as a second note', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', NOTES, noNetwork)
    write(TEXT)
    await user.click(save())
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/^No answer from the server/)
    expect(area().value).toBe(TEXT)
    await user.click(save())
    await settle()
    write(`${TEXT} At once.`)
    await user.click(save())
    await settle()
    const ids = endpoint
      .sentTo('POST', NOTES)
      .map(({ body }) => (body as { attemptId: string }).attemptId)
    expect(ids).toHaveLength(3)
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  test('stays when the ticket closed meanwhile, with the reason', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', NOTES, () => problem('ticket_closed', 409))
    write(TEXT)
    await user.click(save())
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/^The ticket is closed/)
    expect(area().value).toBe(TEXT)
  })
})

describe('a restricted note in the list', () => {
  test('is named by author and time, and shows nothing of its text', async () => {
    const { user } = await openSidebar(withNote)
    const row = within(screen.getByRole('listitem', { name: `Note by Maya, ${NOON}` }))
    expect(row.getByText('••••••••')).toBeTruthy()
    await user.click(row.getByRole('button', { name: /^Why\?/ }))
    await settle()
    expect(row.getByText(/^Only some may read this note/)).toBeTruthy()
    expect(row.getByRole('button', { name: 'Ask' })).toBeTruthy()
  })

  test('is not among what one checks against a customer’s words', async () => {
    const { user } = await openSidebar(withNote)
    await user.click(screen.getByRole('button', { name: 'Check what the customer says' }))
    await settle()
    const options = [...screen.getByLabelText<HTMLSelectElement>('Field').options]
    expect(options.map(({ text }) => text)).toEqual(['Card number', 'Passport', 'Phone'])
  })

  test.each([
    ['en-GB', 0, `Note by Maya, ${NOON}`],
    ['en-GB', 86_400, `Note by Maya, 20 Nov, ${NOON}`],
    ['en-GB', 86_400 * 400, `Note by Maya, 20 Nov 2026, ${NOON}`],
    ['de', 0, `Notiz von Maya, ${createTranslation('de').time(AT)}`],
    ['ar', 0, `ملاحظة من \u2068Maya\u2069، \u2068${createTranslation('ar').time(AT)}\u2069`],
  ])(
    'has its day and year where it needs them: %s after %i seconds',
    async (locale, age, label) => {
      await loadLocale(locale.slice(0, 2))
      const { fieldLabel } = createTranslation(locale)
      const written = {
        ...noteField.written,
        by: maya,
        at: AT,
        ageSeconds: age,
      }
      expect(fieldLabel({ ...noteField, written })).toBe(label)
    },
  )
})

describe('deciding on a restricted note', () => {
  const factsFor = (requester: typeof maya) =>
    factsOf(
      { ...requestPending, requester, fields: [noteField] },
      contextCalm,
      createTranslation('en'),
    )

  test('says whose note it is and that its text is not shown', () => {
    const texts = factsFor(tomas).map(({ text }) => text)
    expect(texts).toContain('Restricted note by Maya Rivera. You decide without seeing its text.')
    expect(texts).not.toContain('Asks for a note of their own')
  })

  test('says when somebody asks for their own', () => {
    expect(factsFor(maya).map(({ text }) => text)).toContain('Asks for a note of their own')
  })
})

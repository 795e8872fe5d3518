/** Reading and changing what stands in tickets, against the emulated Zendesk. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import { createRequestBudget } from '../../src/zendesk/budget.ts'
import { emulatedDirectory, START } from './emulated-directory.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the content of a ticket', () => {
  test('is asked for every time: nothing of it is kept', async () => {
    const { directory, emulator } = emulatedDirectory()
    const field = emulator.state.tickets[0]?.custom_fields.find(({ id }) => id === 308)
    expect((await directory.content.ticket(4001))?.texts.get(308)).toBe('ORD-20417')
    if (field) field.value = 'ORD-1'
    expect((await directory.content.ticket(4001))?.texts.get(308)).toBe('ORD-1')
  })

  test('lists all comments over all pages, oldest first', async () => {
    const { directory, emulator } = emulatedDirectory()
    const [first] = emulator.state.comments[4001] ?? []
    if (first === undefined) throw new Error('no comment')
    emulator.state.comments[4001] = Array.from({ length: 250 }, (_, at) => ({
      ...first,
      id: at + 1,
    }))
    const comments = await directory.content.comments(4001)
    expect(comments.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1))
  })

  test('is null for a ticket that is gone, and its comments are not found', async () => {
    const { directory } = emulatedDirectory()
    expect(await directory.content.ticket(9999)).toBeNull()
    await expect(directory.content.comments(9999)).rejects.toMatchObject({
      code: 'ticket_not_found',
    })
  })
})

describe('a private note', () => {
  const note = { ticketId: 4001, htmlBody: '<p>Restricted note</p>' }

  test('is added as our own user, and customers do not see it', async () => {
    const { directory, emulator } = emulatedDirectory()
    const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    await directory.content.addNote({ ...note, updatedStamp })
    expect(emulator.state.comments[4001]?.at(-1)).toMatchObject({
      author_id: SANDBOX_ACCOUNT.integrationUserId,
      public: false,
      plain_body: 'Restricted note',
    })
  })

  test('is not added where somebody changed the ticket since, where it is closed or gone', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    const before = emulator.state.comments[4001]?.length
    const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    pass(2)
    const other = { zendeskFieldId: 303, text: 'mask', updatedStamp }
    await directory.content.replaceText({ ticketId: 4001, ...other })
    const late = directory.content.addNote({ ...note, updatedStamp })
    await expect(late).rejects.toMatchObject({ code: 'conflict' })
    const ticket = emulator.state.tickets.find(({ id }) => id === 4001)
    if (ticket) ticket.status = 'closed'
    const current = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    const closed = directory.content.addNote({ ...note, updatedStamp: current })
    await expect(closed).rejects.toMatchObject({ code: 'conflict' })
    expect(emulator.state.comments[4001]).toHaveLength(before ?? 0)
    const gone = directory.content.addNote({ ...note, ticketId: 9999, updatedStamp })
    await expect(gone).rejects.toMatchObject({ code: 'ticket_not_found' })
  })
})

describe('a field', () => {
  const replace = { ticketId: 4001, zendeskFieldId: 301, text: 'mask' }

  test('is replaced where nobody changed the ticket since, in Zendesk and in its audit', async () => {
    const { directory, emulator } = emulatedDirectory()
    const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    expect(await directory.content.replaceText({ ...replace, updatedStamp })).toEqual({
      written: 'mask',
      replaced: '',
    })
    expect((await directory.content.ticket(4001))?.texts.get(301)).toBe('mask')
    expect(emulator.state.audits[4001]?.at(-1)?.events).toEqual([
      expect.objectContaining({ type: 'Change', field_name: '301', previous_value: null }),
    ])
  })

  test('says what it wrote over, also what was typed in the second of the look', async () => {
    const { directory, emulator } = emulatedDirectory()
    const write = async (text: string) => {
      const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
      const field = emulator.state.tickets
        .find(({ id }) => id === 4001)
        ?.custom_fields.find(({ id }) => id === 301)
      if (field !== undefined && text !== 'mask') field.value = text
      return (await directory.content.replaceText({ ...replace, updatedStamp })).replaced
    }
    expect(await write('typed just now')).toBe('typed just now')
    expect(await write('mask')).toBeNull()
  })

  test('says so beside whatever else the write set off, such as a notification', async () => {
    const { directory, emulator } = emulatedDirectory()
    const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    const { fetch } = emulator
    emulator.fetch = async (request) => {
      const answer = (await (await fetch(request)).json()) as { audit: { events: object[] } }
      answer.audit.events.unshift({ id: 1, type: 'Notification', recipients: [101] })
      return Response.json(answer)
    }
    const field = emulator.state.tickets[0]?.custom_fields.find(({ id }) => id === 301)
    if (field !== undefined) field.value = 'typed just now'
    const { replaced } = await directory.content.replaceText({ ...replace, updatedStamp })
    expect(replaced).toBe('typed just now')
  })

  test('is left alone where somebody did, or the ticket was closed', async () => {
    const { directory, emulator, pass } = emulatedDirectory()
    const { updatedStamp = '' } = (await directory.content.ticket(4001)) ?? {}
    pass(2)
    const somebody = { ...replace, zendeskFieldId: 303, updatedStamp }
    await directory.content.replaceText(somebody)
    await expect(directory.content.replaceText({ ...replace, updatedStamp })).rejects.toMatchObject(
      { code: 'conflict' },
    )
    const later = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    for (const ticket of emulator.state.tickets) ticket.status = 'closed'
    const before = emulator.exportState()
    await expect(
      directory.content.replaceText({ ...replace, updatedStamp: later }),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(emulator.exportState()).toBe(before)
  })

  test('of a ticket that is gone says so', async () => {
    const { directory } = emulatedDirectory()
    const input = { ...replace, ticketId: 9999, updatedStamp: new Date(START).toISOString() }
    await expect(directory.content.replaceText(input)).rejects.toMatchObject({
      code: 'ticket_not_found',
    })
  })

  test('that Zendesk does not have says so', async () => {
    const { directory } = emulatedDirectory()
    const updatedStamp = (await directory.content.ticket(4001))?.updatedStamp ?? ''
    const input = { ...replace, zendeskFieldId: 999, updatedStamp }
    await expect(directory.content.replaceText(input)).rejects.toMatchObject({
      code: 'field_unknown',
    })
  })
})

describe('who typed a text', () => {
  test('is the author of the last change to it, by the audits of the ticket', async () => {
    const { directory, emulator } = emulatedDirectory()
    const events = (text: string) => [
      { id: 1, type: 'Change' as const, field_name: '301', value: text, previous_value: null },
    ]
    const audits = emulator.state.audits[4001] ?? []
    const [first] = audits
    if (first === undefined) throw new Error('no audit')
    const byPerson = [
      [101, 'one'],
      [102, 'two'],
      [103, 'one'],
      [104, 'three'],
    ] as const
    for (const [author, text] of byPerson) {
      audits.push({ ...first, id: author, author_id: author, events: events(text) })
    }
    const authorOf = (zendeskFieldId: number | null, text: string) =>
      directory.content.authorOf({ ticketId: 4001, zendeskFieldId, text })
    expect(await authorOf(301, 'one')).toBe(103)
    expect(await authorOf(301, 'two')).toBe(102)
    expect(await authorOf(301, 'nobody typed this')).toBeNull()
    expect(await authorOf(302, 'one')).toBeNull()
    expect(await authorOf(null, 'Refund not arrived')).toBe(501)
  })
})

describe('the share of the budget', () => {
  test('is spent first: people keep more than half of it', () => {
    const budget = createRequestBudget({ requestsPerMinute: 100, elapsed: () => 0 })
    let spent = 0
    while (budget.take('ingest').granted) spent += 1
    expect(spent).toBe(35)
    expect(budget.take('view').granted).toBe(true)
    expect(budget.take('act').granted).toBe(true)
  })
})

import { act, render } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ClientProvider } from '../../src/zaf/ClientProvider.tsx'
import { useDraft } from '../../src/zaf/useDraft.ts'
import type { DraftAccess } from '../../src/zaf/useDraft.ts'
import { useSaveHook } from '../../src/zaf/useSaveHook.ts'
import type { SaveAnswer } from '../../src/zaf/useSaveHook.ts'
import { openZafHost, UNAVAILABLE } from './zaf-host.ts'
import type { ZafHost } from './zaf-host.ts'

let host: ZafHost
afterEach(() => {
  host.close()
  vi.useRealTimers()
})

function openWith(check: () => Promise<SaveAnswer>, unable: () => SaveAnswer = () => 'unable') {
  host = openZafHost()
  function Guarded() {
    useSaveHook(check, unable)
    return null
  }
  const view = render(
    <ClientProvider client={host.client}>
      <Guarded />
    </ClientProvider>,
  )
  host.register({ ticketId: 4001 })
  return view
}

describe('asked before a save', () => {
  test('a yes lets the host save', async () => {
    openWith(() => Promise.resolve(true))
    expect(await host.ask('ticket.save')).toBeNull()
  })

  test('a text stops the save, though the SDK takes a promise that resolves to one for a yes', async () => {
    openWith(() => Promise.resolve('Your reply holds a card number.'))
    expect(await host.ask('ticket.save')).toBe('Your reply holds a card number.')
  })

  test.each([
    ['stops the save', 'It could not be checked.' as const, 'It could not be checked.'],
    ['lets it pass', true as const, null],
  ])('a check that fails %s, as it was told', async (_, unable, objection) => {
    openWith(
      () => Promise.reject(new Error('no detector')),
      () => unable,
    )
    expect(await host.ask('ticket.save')).toBe(objection)
  })

  test('a check that never answers does not leave the host waiting', async () => {
    vi.useFakeTimers()
    openWith(
      () => new Promise(() => undefined),
      () => 'It took too long.',
    )
    const asked = host.ask('ticket.save')
    await act(() => vi.advanceTimersByTimeAsync(5_000))
    expect(await asked).toBe('It took too long.')
  })

  test('each save is asked about anew, and the newest check answers', async () => {
    host = openZafHost()
    function Guarded({ answer }: { answer: SaveAnswer }) {
      useSaveHook(
        () => Promise.resolve(answer),
        () => 'unable',
      )
      return null
    }
    const tree = (answer: SaveAnswer) => (
      <ClientProvider client={host.client}>
        <Guarded answer={answer} />
      </ClientProvider>
    )
    const view = render(tree('No'))
    host.register()
    expect(await host.ask('ticket.save')).toBe('No')
    view.rerender(tree(true))
    expect(await host.ask('ticket.save')).toBeNull()
    const subscribed = host.heard.filter(({ key }) => key === 'iframe.on:ticket.save')
    expect(subscribed).toHaveLength(1)
  })

  test('an app that has gone is not asked', () => {
    const view = openWith(() => Promise.resolve('No'))
    view.unmount()
    expect(host.heard.at(-1)?.key).toBe('iframe.off:ticket.save')
  })
})

describe('the draft', () => {
  async function draftOf(properties: Record<string, unknown>): Promise<DraftAccess> {
    host = openZafHost(properties)
    let access: DraftAccess | undefined
    function Reader() {
      access = useDraft()
      return null
    }
    render(
      <ClientProvider client={host.client}>
        <Reader />
      </ClientProvider>,
    )
    host.register({ ticketId: 4001 })
    if (access === undefined) throw new Error('nothing rendered')
    return access
  }

  test.each([
    ['a reply', { 'comment.text': 'Hello', 'comment.type': 'publicReply' }, 'Hello', true],
    ['a note', { 'comment.text': 'Hello', 'comment.type': 'internalNote' }, 'Hello', false],
    ['a type nobody knows', { 'comment.text': 'Hi', 'comment.type': 'pigeon' }, 'Hi', true],
    ['no type', { 'comment.text': 'Hi', 'comment.type': UNAVAILABLE }, 'Hi', true],
    ['nothing written', { 'comment.type': 'publicReply' }, '', true],
    [
      'a host with the comment as one object',
      { 'comment.text': UNAVAILABLE, 'ticket.comment': { text: '<p>Hi</p>' } },
      '<p>Hi</p>',
      true,
    ],
  ])('%s is read', async (_, properties, text, isPublic) => {
    const draft = await draftOf(properties)
    expect(await draft.read()).toEqual({ text, isPublic })
  })

  test.each([
    ['does not have it', { 'comment.text': UNAVAILABLE, 'ticket.comment': UNAVAILABLE }],
    ['says something else', { 'comment.text': 7 }],
  ])('a host that %s leaves the draft unread, not empty', async (_, properties) => {
    const draft = await draftOf(properties)
    await expect(draft.read()).rejects.toThrow(/not available|is no text/)
  })

  test('what is written stands in the editor, and a host that refuses says so', async () => {
    const draft = await draftOf({ 'comment.text': 'Hello' })
    await draft.write('Hello again')
    expect(host.properties['comment.text']).toBe('Hello again')
    host.properties['comment.text'] = UNAVAILABLE
    await expect(draft.write('x')).rejects.toThrow('not available')
  })
})

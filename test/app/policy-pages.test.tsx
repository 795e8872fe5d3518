import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { keepUnsaved, unsavedName } from '../../src/app/features/policy-editor/unsaved.ts'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { DraftPolicyInput, PolicyVersionView } from '../../src/contract/policy.ts'
import type { Me } from '../../src/contract/session.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { meAdministrator, meCompliance } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'
import {
  activeVersion,
  draftVersion,
  INGRID,
  listOf,
  policyFacts,
  waitingVersion,
  wideningAnalysis,
} from './policy-fixtures.ts'

let close: (() => void) | undefined
afterEach(() => {
  close?.()
  keepUnsaved(unsavedName(15), null)
  keepUnsaved(unsavedName(null), null)
})

async function openPolicy(
  hash: string,
  options: { me?: Me; versions?: readonly PolicyVersionView[] } = {},
) {
  const { me = meAdministrator, versions = [activeVersion] } = options
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(me))
  endpoint.on('GET', '/policy/versions', () => json(listOf(...versions)))
  endpoint.on('GET', '/policy/facts', () => json(policyFacts))
  endpoint.on('POST', '/policy/check', () => json(wideningAnalysis))
  for (const version of versions) {
    endpoint.on('GET', `/policy/versions/${version.version}`, () => json(version))
  }
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash })
  close = app.host.close
  await settle()
  return { ...app, endpoint, user: userEvent.setup() }
}

async function openEditor(
  hash = 'policy?edit=15',
  versions: readonly PolicyVersionView[] = [draftVersion, activeVersion],
) {
  const app = await openPolicy(hash, { versions })
  await screen.findByRole('radio', { name: 'Form' })
  await settle()
  const { user } = app
  const sections = () => screen.getByRole('navigation', { name: 'Sections' })
  return {
    ...app,
    show: async (section: string) =>
      user.click(within(sections()).getByRole('button', { name: new RegExp(`^${section}`) })),
    view: async (name: 'Form' | 'Document') => user.click(screen.getByRole('radio', { name })),
    sections,
    type: async (label: string, text: string) => {
      const field = screen.getByRole('textbox', { name: label })
      await user.clear(field)
      if (text !== '') await user.type(field, text)
    },
    /** The document as it stands, from its own view. */
    text: () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Policy' }).value,
    write: async (change: (text: string) => string) => {
      const area = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Policy' })
      const next = change(area.value)
      await user.clear(area)
      await user.click(area)
      await user.paste(next)
    },
  }
}

const faults = () => screen.getByRole('region', { name: /faults? keep/ })

describe('a part of the form', () => {
  test('says beside its field what is wrong, and the list of faults leads to it', async () => {
    const { show, type, user, sections } = await openEditor()
    await show('Limits')
    await type('Longest grant', '500')
    await type('Usual grant', 'soon')
    const longest = screen.getByRole('textbox', { name: 'Longest grant' })
    expect(longest.getAttribute('aria-describedby')).not.toBeNull()
    expect(screen.getAllByText('At most 120.').length).toBeGreaterThan(0)
    expect(within(faults()).getByText(/Type a whole number/)).toBeTruthy()
    expect(within(sections()).getByRole('button', { name: /^Limits.*2 faults/ })).toBeTruthy()

    expect(screen.getByRole('button', { name: 'Save draft' }).hasAttribute('disabled')).toBe(true)
    expect(screen.getByText(/Put the faults right before you save/)).toBeTruthy()

    await show('Roles')
    await user.click(within(faults()).getByRole('button', { name: 'Usual grant' }))
    const usual = screen.getByRole('textbox', { name: 'Usual grant' })
    await waitFor(() => expect(document.activeElement === usual).toBe(true))
  })

  test('says what holds now where it differs', async () => {
    const { show } = await openEditor()
    await show('Limits')
    expect(screen.getByText('In force now: 30')).toBeTruthy()
  })

  test('names groups and people by name and id, and keeps those that Zendesk does not know', async () => {
    const { show, user, view, write, text } = await openEditor()
    await view('Document')
    await write((before) => before.replace('"groupId": 203', '"groupId": 999'))
    await view('Form')
    expect(screen.getAllByText(/999, not known in Zendesk/).length).toBeGreaterThan(0)
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Add to: Lead' }),
      'Escalation leads (203)',
    )
    await show('Break-glass')
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Add to: People' }),
      'Lena Fischer (105)',
    )
    await view('Document')
    const stored = JSON.parse(text()) as { roles: { lead: unknown }; breakGlass: unknown }
    expect(stored.roles.lead).toEqual([
      { by: 'group', groupId: 999 },
      { by: 'group', groupId: 203 },
    ])
    expect(stored.breakGlass).toEqual({ personIds: [105], minutes: 10, uses: 1 })
  })

  test('lets nobody take the last level of approval away', async () => {
    const { show } = await openEditor()
    await show('Approval')
    for (const button of screen.getAllByRole('button', { name: /^Remove.*Level 1/ })) {
      expect(button.hasAttribute('disabled')).toBe(true)
    }
  })
})

describe('the document', () => {
  test('with an unknown key is a fault that names it and its line', async () => {
    const { view, write, user } = await openEditor()
    await view('Document')
    await write((before) => before.replace('"maxMinutes"', '"maxMinuets": 5,\n    "maxMinutes"'))
    expect(within(faults()).getByText(/No policy knows the key maxMinuets/)).toBeTruthy()
    await user.click(within(faults()).getByRole('button', { name: 'Limits' }))
    const area = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Policy' })
    await waitFor(() =>
      expect(area.value.slice(area.selectionStart, area.selectionEnd)).toContain('maxMinuets'),
    )
  })

  test('with a key twice is a fault, although every reader takes one of the two', async () => {
    const { view, write } = await openEditor()
    await view('Document')
    await write((before) => before.replace('"uses": 3', '"uses": 3,\n    "uses": 9'))
    expect(within(faults()).getByText(/This key stands twice/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Submit…' }).hasAttribute('disabled')).toBe(true)
  })

  test('that is no JSON keeps every letter, has no form, and is not saved', async () => {
    const { view, write, text, user } = await openEditor()
    await view('Document')
    await write((before) => before.replace('"version": 14,', '"version": 14,,'))
    const typed = text()
    await view('Form')
    expect(screen.getByText(/no JSON at the moment/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Save draft' }).hasAttribute('disabled')).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Show the line' }))
    expect(text()).toBe(typed)
  })

  test('and the form are one: what one writes the other shows, faulty or not', async () => {
    const { show, type, view, text, write } = await openEditor()
    await show('Limits')
    await type('Usual grant', 'soon')
    await view('Document')
    expect(text()).toContain('"defaultMinutes": "soon"')
    await write((before) => before.replace('"defaultMinutes": "soon"', '"defaultMinutes": 20'))
    await view('Form')
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Usual grant' }).value).toBe('20')
  })
})

describe('beside the editor', () => {
  test('stands what widens and narrows, in words, as one types', async () => {
    const { show, type } = await openEditor()
    const changes = () => screen.getByRole('region', { name: 'What changes' })
    expect(changes().textContent).toContain('Widens Limits › Longest grant')
    expect(changes().textContent).toContain('30 minutes → 60 minutes')
    await show('Limits')
    await type('Longest grant', '20')
    expect(changes().textContent).toContain('Narrows Limits › Longest grant')
  })

  test('a case that fails says what it expects and what it finds, and nothing can be submitted', async () => {
    const { show, user } = await openEditor()
    await show('Who sees what')
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Frontline, Restricted' }),
      'Mask only',
    )
    const cases = screen.getByRole('region', { name: 'Cases' })
    expect(cases.textContent).toContain('0 of 1 pass')
    expect(cases.textContent).toContain('Expected: needs approval from 1 of Lead')
    expect(cases.textContent).toContain('Found: sees the mask, may not ask')
    expect(screen.getByRole('button', { name: 'Submit…' }).hasAttribute('disabled')).toBe(true)
    expect(screen.getByText(/1 case fails/)).toBeTruthy()
  })

  test('an endpoint out of reach leaves what can be said without it', async () => {
    const { endpoint, show, type } = await openEditor()
    endpoint.on('POST', '/policy/check', noNetwork)
    await show('Limits')
    await type('Longest grant', '20')
    await screen.findByText(/cannot be said now/)
    expect(screen.getByText(/Narrows/)).toBeTruthy()
    expect(screen.getByText('1 of 1 pass')).toBeTruthy()
  })
})

describe('a draft', () => {
  test('is saved with its cases and what it was begun from', async () => {
    const { endpoint, show, type, user } = await openEditor('policy?edit=new', [activeVersion])
    endpoint.on('POST', '/policy/versions', () => json(draftVersion))
    await show('Limits')
    await type('Longest grant', '60')
    await user.click(screen.getByRole('button', { name: 'Save draft' }))
    expect(screen.getByText('Say what the change is for.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '/policy/versions')).toEqual([])

    await type('What is this change for?', 'Longer grants for refunds')
    await user.click(screen.getByRole('button', { name: 'Save draft' }))
    await screen.findByText('Everything is saved.')
    const [sent] = endpoint.sentTo('POST', '/policy/versions')
    const body = sent?.body as DraftPolicyInput
    expect(body).toMatchObject({ comment: 'Longer grants for refunds', basedOn: 14 })
    expect(body.document['limits']).toMatchObject({ maxMinutes: 60 })
    expect(body.cases).toEqual(activeVersion.cases)
    expect(window.location.hash).toBe('#policy?edit=15')
  })

  test('that could not be saved is still there, also after a look at another screen', async () => {
    const { endpoint, show, type, user } = await openEditor()
    endpoint.on('PUT', '/policy/versions/15', noNetwork)
    await show('Limits')
    await type('Longest grant', '25')
    await user.click(screen.getByRole('button', { name: 'Save draft' }))
    await screen.findByText(/No answer/)
    await user.click(screen.getByRole('tab', { name: 'Detection' }))
    await settle()
    await user.click(screen.getByRole('tab', { name: 'Policy' }))
    await screen.findByRole('radio', { name: 'Form' })
    await settle()
    await show('Limits')
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Longest grant' }).value).toBe(
      '25',
    )
    expect(screen.getByText('Changes are not saved yet.')).toBeTruthy()
  })

  test('is submitted after one sentence about what comes of it; Escape leaves it', async () => {
    const { endpoint, user } = await openEditor()
    endpoint.on('POST', '/policy/versions/15/submit', () => json(waitingVersion))
    await user.click(screen.getByRole('button', { name: 'Submit…' }))
    const panel = screen.getByRole('form', { name: 'Submit this version' })
    expect(panel.textContent).toContain('Nobody gains or loses access; waits for a second person.')
    await user.keyboard('{Escape}')
    expect(endpoint.sentTo('POST', '/policy/versions/15/submit')).toEqual([])
    await user.click(screen.getByRole('button', { name: 'Submit…' }))
    await user.click(screen.getByRole('button', { name: 'Submit for consent' }))
    await settle()
    expect(endpoint.sentTo('POST', '/policy/versions/15/submit')).toHaveLength(1)
    expect(window.location.hash).toBe('#policy?version=15')
  })

  test('that the endpoint refuses to submit says why and stays', async () => {
    const { endpoint, user } = await openEditor()
    endpoint.on('POST', '/policy/versions/15/submit', () => problem('policy_outdated', 409))
    await user.click(screen.getByRole('button', { name: 'Submit…' }))
    await user.click(screen.getByRole('button', { name: 'Submit for consent' }))
    await settle()
    expect(screen.getByRole('alert').textContent).not.toBe('')
    expect(screen.getByRole('radio', { name: 'Form' })).toBeTruthy()
  })
})

describe('a version that waits', () => {
  const mine: PolicyVersionView = { ...waitingVersion, mayDecide: { allowed: true } }

  test('is consented to with or without a comment', async () => {
    const { endpoint, user } = await openPolicy('policy?version=15', {
      me: meCompliance,
      versions: [mine, activeVersion],
    })
    endpoint.on('POST', '/policy/versions/15/consent', () =>
      json({ ...mine, state: 'active', decidedBy: INGRID, decidedAt: mine.submittedAt }),
    )
    await user.click(await screen.findByRole('button', { name: 'Consent' }))
    await settle()
    expect(endpoint.sentTo('POST', '/policy/versions/15/consent').map(({ body }) => body)).toEqual([
      {},
    ])
  })

  test('is rejected only with a reason', async () => {
    const { endpoint, user } = await openPolicy('policy?version=15', {
      me: meCompliance,
      versions: [mine, activeVersion],
    })
    endpoint.on('POST', '/policy/versions/15/reject', () => json({ ...mine, state: 'rejected' }))
    await user.click(await screen.findByRole('button', { name: 'Reject' }))
    expect(screen.getByText('Say why you reject it.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '/policy/versions/15/reject')).toEqual([])
    await user.type(screen.getByRole('textbox', { name: 'Comment' }), 'Too wide')
    await user.click(screen.getByRole('button', { name: 'Reject' }))
    await settle()
    expect(endpoint.sentTo('POST', '/policy/versions/15/reject').map(({ body }) => body)).toEqual([
      { comment: 'Too wide' },
    ])
  })

  test('says to its author why they are not the second person', async () => {
    await openPolicy('policy?version=15', {
      versions: [
        { ...waitingVersion, mayDecide: { allowed: false, code: 'second_person_needed' } },
        activeVersion,
      ],
    })
    expect(await screen.findByRole('note')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Consent' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Reject' })).toBeNull()
  })
})

describe('the versions', () => {
  test('show what holds and who stands behind it, what waits, drafts and history', async () => {
    const waiting = { ...waitingVersion, version: 16 }
    await openPolicy('policy', { versions: [waiting, draftVersion, activeVersion] })
    const active = await screen.findByRole('region', { name: 'Version 14 is in force' })
    expect(active.textContent).toContain('Written by Sam Okafor')
    expect(active.textContent).toContain('Consented to by Ingrid Solberg')
    expect(screen.getByRole('region', { name: 'Version 16 waits for consent' })).toBeTruthy()
    expect(screen.getByRole('button', { name: /Show.*Version 15/ })).toBeTruthy()
  })

  test('before the first is agreed on, say who has to agree', async () => {
    const { endpoint } = await openPolicy('policy')
    endpoint.on('GET', '/policy/versions', () =>
      json({
        ...listOf(),
        active: null,
        founders: { first: { id: 107, name: 'Sam Okafor' }, second: INGRID },
      }),
    )
    close?.()
    await openPolicyAgain(endpoint)
    expect(await screen.findByText(/until Sam Okafor submits a version and Ingrid/)).toBeTruthy()
  })
})

async function openPolicyAgain(endpoint: ReturnType<typeof openEndpointDouble>) {
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: 'policy' })
  close = app.host.close
  await settle()
}

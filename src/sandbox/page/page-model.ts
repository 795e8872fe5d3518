/**
 * One window of the agent workspace: who one is, what is loaded, what apps run in it. Everything
 * that happens in the window goes through here.
 */
import type {
  ControlChange,
  ControlView,
  SandboxEvent,
  SandboxSetup,
  SandboxUser,
} from '../control-state.ts'
import type { ColorScheme, NoticeKind, Workspace } from '../host/workspace.ts'
import type { ZafHost } from '../host/zaf-host.ts'
import { createZafHost } from '../host/zaf-host.ts'
import { createWorkspace } from './host-workspace.ts'
import type { TicketRecord, TicketStatus } from './records.ts'
import { addressAs, goTo, keepColorScheme } from './route.ts'
import type { SandboxClient } from './sandbox-client.ts'
import { changeControl, createSandboxClient, listenToSandbox, RestError } from './sandbox-client.ts'
import type { Draft, PageState, Store } from './store.ts'
import { createStore, EMPTY_DRAFT } from './store.ts'
import { isTouched, toChange } from './ticket-draft.ts'

/** How long a notice stays. */
const NOTICE_MS = 6_000
const CLOCK_TICK_MS = 5_000

export type PageModel = {
  setup: SandboxSetup
  person: SandboxUser
  store: Store
  client: SandboxClient
  host: ZafHost
  newGuid: () => string
  /** The instance in the navigation bar has its guid before its page is opened. */
  navBarGuid: string
  user(id: number | null): SandboxUser | undefined
  groupName(id: number | null): string | undefined
  draft(ticketId: number): Draft
  changeDraft(ticketId: number, change: Partial<Draft>): void
  openTicket(ticketId: number): void
  closeTicket(ticketId: number): void
  loadTickets(): Promise<void>
  loadTicket(ticketId: number): Promise<void>
  submit(ticketId: number, status: TicketStatus): Promise<void>
  notify(text: string, kind: NoticeKind, options?: { isSticky: boolean }): void
  dismissNotice(id: number): void
  closeModal(): void
  setColorScheme(colorScheme: ColorScheme): void
  control(change: ControlChange): Promise<void>
  becomePerson(id: number): void
  start(): () => void
}

/** 128 random bits, as unguessable as Zendesk's own. */
function newGuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function merge<Value>(
  all: Readonly<Record<number, Value>>,
  id: number,
  value: Value,
): Readonly<Record<number, Value>> {
  return { ...all, [id]: value }
}

export function createPageModel(
  setup: SandboxSetup,
  person: SandboxUser,
  colorScheme: ColorScheme,
): PageModel {
  const store = createStore(colorScheme)
  const client = createSandboxClient(person.id)
  const users = new Map(setup.users.map((user) => [user.id, user]))
  const groups = new Map(setup.groups.map((group) => [group.id, group.name]))
  let lastNotice = 0

  const workspace: Workspace = createWorkspace({
    setup,
    person,
    store,
    client,
    changeDraft,
    notify,
    closeModal: () => closeModal(),
    user: (id) => users.get(id),
    groupName: (id) => groups.get(id),
  })
  const navBarGuid = newGuid()
  const host = createZafHost({
    hostWindow: window,
    appOrigin: new URL(setup.endpointUrl).origin,
    metadata: {
      appId: setup.app.appId,
      installationId: setup.app.installationId,
      name: setup.app.name,
      version: setup.app.version,
      plan: { name: null },
      settings: {},
    },
    workspace,
    newGuid,
    navBarGuid,
  })

  function draft(ticketId: number): Draft {
    return store.get().drafts[ticketId] ?? EMPTY_DRAFT
  }

  function changeDraft(ticketId: number, change: Partial<Draft>) {
    const before = draft(ticketId)
    store.update(({ drafts }) => ({
      drafts: merge(drafts, ticketId, { ...draft(ticketId), ...change }),
    }))
    for (const [name, value] of Object.entries(change)) {
      if (name === 'customFields') {
        for (const [id, text] of Object.entries(change.customFields ?? {})) {
          if (before.customFields[Number(id)] !== text) {
            tellChange(ticketId, `custom_field_${id}`, text)
          }
        }
      } else if (name !== 'comment' && name !== 'isPublic') {
        tellChange(ticketId, name, value)
      }
    }
  }

  function tellChange(ticketId: number, propertyName: string, newValue: unknown) {
    const isOnTicket = (context: { ticketId?: number }) => context.ticketId === ticketId
    host.emitToAll(`ticket.${propertyName}.changed`, newValue, isOnTicket)
    for (const event of ['*.changed', 'ticket.changed']) {
      host.emitToAll(event, { propertyName: `ticket.${propertyName}`, newValue }, isOnTicket)
    }
  }

  /** Tells apps what the server changed under the agent's hands. */
  function tellDifferences(before: TicketRecord | undefined, after: TicketRecord) {
    if (before === undefined) return
    if (before.status !== after.status) tellChange(after.id, 'status', after.status)
    if (before.assignee_id !== after.assignee_id) {
      tellChange(after.id, 'assignee', users.get(after.assignee_id ?? 0) ?? null)
    }
    for (const { id, value } of after.custom_fields) {
      const former = before.custom_fields.find((field) => field.id === id)?.value ?? null
      if (former !== value) tellChange(after.id, `custom_field_${id}`, value)
    }
  }

  function notify(text: string, kind: NoticeKind, { isSticky } = { isSticky: false }) {
    const id = (lastNotice += 1)
    store.update(({ notices }) => ({ notices: [...notices, { id, text, kind, isSticky }] }))
    if (!isSticky) window.setTimeout(() => dismissNotice(id), NOTICE_MS)
  }

  function dismissNotice(id: number) {
    store.update(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  }

  function closeModal() {
    const { modal } = store.get()
    if (modal === null) return
    store.update(() => ({ modal: null }))
    host.closeModal(modal.guid)
  }

  function keepTicket(ticket: TicketRecord): Partial<PageState> {
    const { tickets, failures } = store.get()
    const { [ticket.id]: _gone, ...others } = failures
    return { tickets: merge(tickets, ticket.id, ticket), failures: others }
  }

  async function loadTickets() {
    try {
      const found = await client.tickets()
      store.update(() => ({
        tickets: Object.fromEntries(found.map((ticket) => [ticket.id, ticket])),
        isListLoaded: true,
        listFailure: null,
      }))
    } catch (reason) {
      const status = reason instanceof RestError ? reason.status : 0
      store.update(() => ({ isListLoaded: true, listFailure: status }))
    }
  }

  async function loadTicket(ticketId: number) {
    try {
      const [ticket, comments] = await Promise.all([
        client.ticket(ticketId),
        client.comments(ticketId),
      ])
      const before = store.get().tickets[ticketId]
      store.update((state) => ({
        ...keepTicket(ticket),
        comments: merge(state.comments, ticketId, comments),
      }))
      tellDifferences(before, ticket)
    } catch (reason) {
      const status = reason instanceof RestError ? reason.status : 0
      store.update(({ failures }) => ({ failures: merge(failures, ticketId, status) }))
    }
  }

  /** Steps 21 to 23 of the protocol, then the update itself. */
  async function submit(ticketId: number, status: TicketStatus) {
    const isOnTicket = (context: { ticketId?: number }) => context.ticketId === ticketId
    if (store.get().saving.includes(ticketId)) return
    store.update(({ saving }) => ({ saving: [...saving, ticketId] }))
    host.emitToAll('ticket.submit.start', undefined, isOnTicket)
    let isDone = false
    try {
      const answer = await host.askBeforeSave(ticketId)
      if (answer.isAllowed) {
        const ticket = await client.updateTicket(ticketId, toChange(draft(ticketId), status))
        const comments = await client.comments(ticketId)
        const before = store.get().tickets[ticketId]
        store.update((state) => ({
          ...keepTicket(ticket),
          comments: merge(state.comments, ticketId, comments),
          drafts: merge(state.drafts, ticketId, EMPTY_DRAFT),
        }))
        tellDifferences(before, ticket)
        notify(`Ticket #${ticketId} submitted as ${status}`, 'notice')
        isDone = true
      } else {
        notify(answer.message ?? 'An app prevented this ticket from being updated.', 'error')
      }
    } catch (reason) {
      const shown = reason instanceof RestError && reason.status > 0 ? ` (${reason.status})` : ''
      notify(`Ticket #${ticketId} could not be updated${shown}. Try again.`, 'error')
    }
    store.update(({ saving }) => ({ saving: saving.filter((id) => id !== ticketId) }))
    host.emitToAll(isDone ? 'ticket.submit.done' : 'ticket.submit.fail', undefined, isOnTicket)
    host.emitToAll('ticket.submit.always', undefined, isOnTicket)
    if (isDone) {
      host.emitToAll('ticket.saved', { ticketId }, (context) => context.location === 'background')
    }
  }

  async function followTicket(ticketId: number, byUserId: number | null) {
    const state = store.get()
    if (state.openTickets.includes(ticketId)) {
      if (!state.saving.includes(ticketId)) await loadTicket(ticketId)
    } else if (ticketId in state.tickets) {
      await client.ticket(ticketId).then(
        (ticket) => store.update(() => keepTicket(ticket)),
        () => undefined,
      )
    }
    if (byUserId !== person.id) {
      const by = users.get(byUserId ?? 0)
      host.emitToAll(
        'ticket.updated',
        by === undefined ? { id: byUserId } : { id: by.id, name: by.name, email: by.email },
        (context) => context.ticketId === ticketId,
      )
    }
  }

  /** What the sandbox server said of the time, and when it said so. */
  let heard = { atMs: performance.timeOrigin, hereMs: 0 }

  function tick() {
    store.update(() => ({ nowMs: heard.atMs + performance.now() - heard.hereMs }))
  }

  function followControl(control: ControlView) {
    heard = { atMs: Date.parse(control.at), hereMs: performance.now() }
    store.update(() => ({ control }))
    tick()
  }

  function follow(event: SandboxEvent) {
    switch (event.type) {
      case 'control':
        followControl(event.control)
        return
      case 'ticket_changed':
        void followTicket(event.ticketId, event.byUserId)
        return
      case 'notification': {
        const sender = users.get(event.senderId)
        host.emitToAll(`api_notification.${event.event}`, {
          body: event.body,
          sender: { id: event.senderId, name: sender?.name ?? '' },
        })
      }
    }
  }

  return {
    setup,
    person,
    store,
    client,
    host,
    newGuid,
    navBarGuid,
    user: (id) => users.get(id ?? 0),
    groupName: (id) => groups.get(id ?? 0),
    draft,
    changeDraft,
    openTicket(ticketId) {
      const { openTickets, tickets, comments } = store.get()
      if (!openTickets.includes(ticketId)) {
        store.update(() => ({ openTickets: [...openTickets, ticketId] }))
      }
      if (!(ticketId in tickets) || !(ticketId in comments)) void loadTicket(ticketId)
    },
    closeTicket(ticketId) {
      store.update(({ openTickets, drafts }) => {
        const { [ticketId]: _gone, ...others } = drafts
        return { openTickets: openTickets.filter((id) => id !== ticketId), drafts: others }
      })
    },
    loadTickets,
    loadTicket,
    submit,
    notify,
    dismissNotice,
    closeModal,
    setColorScheme(next) {
      store.update(() => ({ colorScheme: next }))
      keepColorScheme(next)
      host.emitToAll('colorScheme.changed', next)
    },
    async control(change) {
      const before = store.get().control
      // Shown at once: a switch that answers late feels broken.
      if (before !== null) store.update(() => ({ control: { ...before, ...change } }))
      try {
        followControl(await changeControl(change))
      } catch (reason) {
        store.update(() => ({ control: before }))
        throw reason
      }
    },
    becomePerson(id) {
      window.location.assign(addressAs(id))
    },
    start() {
      void loadTickets()
      void client.ticketFields().then(
        (ticketFields) => store.update(() => ({ ticketFields })),
        () => undefined,
      )
      const clock = window.setInterval(tick, CLOCK_TICK_MS)
      const stopListening = listenToSandbox(person.id, follow)
      const warn = (event: BeforeUnloadEvent) => {
        if (Object.values(store.get().drafts).some(isTouched)) event.preventDefault()
      }
      window.addEventListener('beforeunload', warn)
      if (window.location.hash === '') goTo({ place: 'view', view: 'unsolved' })
      return () => {
        window.clearInterval(clock)
        stopListening()
        window.removeEventListener('beforeunload', warn)
        host.destroy()
      }
    },
  }
}

/** The page as apps see it through the host: tickets with their drafts, fields, places to go. */
import type { SandboxSetup, SandboxUser } from '../control-state.ts'
import type { HostTicket, HostTicketField, NoticeKind, Workspace } from '../host/workspace.ts'
import type { TicketRecord } from './records.ts'
import { goTo } from './route.ts'
import type { SandboxClient } from './sandbox-client.ts'
import type { Draft, FieldLook, Store } from './store.ts'
import { EMPTY_DRAFT } from './store.ts'
import { customFieldText, withDraft } from './ticket-draft.ts'

/** The fields every ticket form has, by ZAF's names. */
const SYSTEM_FIELDS: readonly (readonly [name: string, label: string])[] = [
  ['subject', 'Subject'],
  ['status', 'Status'],
  ['assignee', 'Assignee'],
  ['tags', 'Tags'],
  ['type', 'Type'],
  ['priority', 'Priority'],
]

export type WorkspaceParts = {
  setup: SandboxSetup
  person: SandboxUser
  store: Store
  client: SandboxClient
  changeDraft: (ticketId: number, change: Partial<Draft>) => void
  notify: (text: string, kind: NoticeKind, options: { isSticky: boolean }) => void
  closeModal: () => void
  user: (id: number) => SandboxUser | undefined
  groupName: (id: number) => string | undefined
}

export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { setup, person, store, client, changeDraft } = parts

  function describeUser(id: number | null) {
    const user = id === null ? undefined : parts.user(id)
    return user === undefined
      ? null
      : { id: user.id, name: user.name, email: user.email, role: user.role }
  }

  function describeTicket(ticket: TicketRecord, draft: Draft): HostTicket {
    const shown = withDraft(ticket, draft)
    const groupName = shown.group_id === null ? undefined : parts.groupName(shown.group_id)
    return {
      id: shown.id,
      customFields: Object.fromEntries(
        store
          .get()
          .ticketFields.map(({ id }) => [`custom_field_${id}`, customFieldText(ticket, draft, id)]),
      ),
      properties: {
        id: shown.id,
        subject: shown.subject,
        status: shown.status,
        priority: shown.priority,
        type: shown.type,
        tags: shown.tags,
        requester: describeUser(shown.requester_id),
        assignee: {
          user: describeUser(shown.assignee_id),
          group: groupName === undefined ? null : { id: shown.group_id, name: groupName },
        },
        isNew: false,
        createdAt: shown.created_at,
        updatedAt: shown.updated_at,
      },
      comment: {
        text: draft.comment,
        type: draft.isPublic ? 'publicReply' : 'internalNote',
        attachments: [],
      },
    }
  }

  function looks(ticketId: number): Readonly<Record<string, FieldLook>> {
    return store.get().fieldLooks[ticketId] ?? {}
  }

  function listFields(ticketId: number): HostTicketField[] {
    const custom = store.get().ticketFields.map(({ id, title, type }) => ({
      name: `custom_field_${id}`,
      label: title,
      type,
    }))
    const system = SYSTEM_FIELDS.map(([name, label]) => ({ name, label, type: name }))
    return [...system, ...custom].map((field) => ({
      ...field,
      isVisible: looks(ticketId)[field.name]?.isHidden !== true,
      isEnabled: looks(ticketId)[field.name]?.isDisabled !== true,
    }))
  }

  return {
    subdomain: setup.account.subdomain,
    currentUser: () => ({
      id: person.id,
      name: person.name,
      email: person.email,
      role: person.role,
      groups: person.groups,
      organizations: [],
      tags: [],
      locale: 'en-US',
      externalId: null,
      avatarUrl: null,
      timeZone: { ianaName: 'UTC', name: 'UTC', offset: 0, formattedOffset: 'GMT+00:00' },
    }),
    currentAccount: () => ({
      subdomain: setup.account.subdomain,
      planName: 'Sandbox',
      timeFormat: 12,
    }),
    colorScheme: () => store.get().colorScheme,
    ticket(ticketId) {
      const ticket = store.get().tickets[ticketId]
      if (ticket === undefined) return undefined
      return describeTicket(ticket, store.get().drafts[ticketId] ?? EMPTY_DRAFT)
    },
    ticketFields: listFields,
    setTicketProperty(ticketId, property, value) {
      const [, fieldId] = /^custom_field_(\d+)$/.exec(property) ?? []
      if (fieldId === undefined) {
        changeDraft(ticketId, { [property]: value })
        return true
      }
      if (!store.get().ticketFields.some(({ id }) => id === Number(fieldId))) return false
      const draft = store.get().drafts[ticketId] ?? EMPTY_DRAFT
      changeDraft(ticketId, { customFields: { ...draft.customFields, [fieldId]: value } })
      return true
    },
    changeTicketField(ticketId, name, change) {
      const look: FieldLook =
        change === 'show' || change === 'hide'
          ? { isHidden: change === 'hide' }
          : { isDisabled: change === 'disable' }
      store.update(({ fieldLooks }) => ({
        fieldLooks: {
          ...fieldLooks,
          [ticketId]: {
            ...looks(ticketId),
            [name]: { ...looks(ticketId)[name], ...look },
          },
        },
      }))
      return true
    },
    setCommentText(ticketId, text, how) {
      const { comment } = store.get().drafts[ticketId] ?? EMPTY_DRAFT
      changeDraft(ticketId, { comment: how === 'append' ? `${comment}${text}` : text })
    },
    setCommentType(ticketId, type) {
      changeDraft(ticketId, { isPublic: type === 'publicReply' })
    },
    setSaveEnabled(ticketId, isEnabled) {
      store.update(({ saveDisabled }) => {
        const others = saveDisabled.filter((id) => id !== ticketId)
        return { saveDisabled: isEnabled ? others : [...others, ticketId] }
      })
    },
    resize(guid, size) {
      store.update(({ frameSizes }) => ({
        frameSizes: { ...frameSizes, [guid]: { ...frameSizes[guid], ...size } },
      }))
    },
    setVisible(guid, isVisible) {
      store.update(({ hiddenFrames }) => {
        const others = hiddenFrames.filter((each) => each !== guid)
        return { hiddenFrames: isVisible ? others : [...others, guid] }
      })
    },
    setIcon: (navBarIcon) => store.update(() => ({ navBarIcon })),
    notify: parts.notify,
    routeTo(place, [id]) {
      if (place === 'ticket' && Number.isSafeInteger(Number(id))) {
        goTo({ place: 'ticket', ticketId: Number(id) })
        return true
      }
      if (place === 'nav_bar') {
        goTo({ place: 'nav_bar' })
        return true
      }
      if (place === 'views') {
        goTo({ place: 'view', view: 'unsolved' })
        return true
      }
      return false
    },
    openModal: (modal) => store.update(() => ({ modal })),
    closeModal: parts.closeModal,
    fetchAsPerson: (path, init) => client.fetchAsPerson(path, init),
  }
}

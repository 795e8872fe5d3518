/** A page with nothing but the ZAF host in it, for the protocol test. Runs in the browser. */
import type { Traffic } from '../../src/sandbox/host/connection.ts'
import type { FieldChange, HostComment, HostTicketField } from '../../src/sandbox/host/workspace.ts'
import { createZafHost } from '../../src/sandbox/host/zaf-host.ts'

const appOrigin = new URLSearchParams(window.location.search).get('app') ?? ''

const ticket = {
  id: 4001,
  customFields: { custom_field_301: '•••• 4242' } as Record<`custom_field_${number}`, unknown>,
  properties: {
    id: 4001,
    subject: 'Refund not arrived',
    status: 'open',
    tags: ['refund'],
  } as Record<string, unknown>,
  comment: { text: 'Dear customer', type: 'publicReply', attachments: [] } as HostComment,
}
const fields: HostTicketField[] = [
  { name: 'status', label: 'Status', type: 'status', isVisible: true, isEnabled: true },
  {
    name: 'custom_field_301',
    label: 'Card number',
    type: 'text',
    isVisible: true,
    isEnabled: true,
  },
]
const done: unknown[][] = []
const transcript: Traffic[] = []
let guids = 0
const newGuid = () => `guid-${(guids += 1)}`

const host = createZafHost({
  hostWindow: window,
  appOrigin,
  newGuid,
  navBarGuid: 'guid-of-nav-bar',
  metadata: {
    appId: 1,
    installationId: 2,
    name: 'Scrim',
    version: '0.1.0',
    plan: { name: null },
    settings: { max_minutes: 15 },
  },
  onTraffic: (traffic) => transcript.push(structuredClone(traffic)),
  workspace: {
    subdomain: 'sandbox',
    currentUser: () => ({
      id: 101,
      name: 'Maya Rivera',
      email: 'maya.rivera@example.com',
      role: 'agent',
      groups: [{ id: 201, name: 'Billing' }],
    }),
    currentAccount: () => ({ subdomain: 'sandbox' }),
    colorScheme: () => 'light',
    ticket: (id) => (id === 4001 ? ticket : undefined),
    ticketFields: () => fields,
    setTicketProperty(_ticketId, property, value) {
      if (property.startsWith('custom_field_')) {
        if (!fields.some((field) => field.name === property)) return false
        ticket.customFields[property as `custom_field_${number}`] = value
      } else {
        ticket.properties[property] = value
      }
      return true
    },
    changeTicketField(_ticketId, name, change: FieldChange) {
      const field = fields.find((each) => each.name === name)
      if (field === undefined) return false
      if (change === 'show' || change === 'hide') field.isVisible = change === 'show'
      else field.isEnabled = change === 'enable'
      return true
    },
    setCommentText(_ticketId, text, how) {
      ticket.comment = {
        ...ticket.comment,
        text: how === 'append' ? `${ticket.comment.text}${text}` : text,
      }
    },
    setCommentType(_ticketId, type) {
      ticket.comment = { ...ticket.comment, type }
    },
    setSaveEnabled: (...args) => void done.push(['setSaveEnabled', ...args]),
    resize: (...args) => void done.push(['resize', ...args]),
    setVisible: (...args) => void done.push(['setVisible', ...args]),
    setIcon: (...args) => void done.push(['setIcon', ...args]),
    notify: (...args) => void done.push(['notify', ...args]),
    routeTo(...args) {
      done.push(['routeTo', ...args])
      return args[0] === 'ticket'
    },
    openModal(modal) {
      done.push(['openModal', modal])
      frame('modal', modal.url, { guid: modal.guid })
    },
    closeModal: (guid) => void done.push(['closeModal', guid]),
    async fetchAsPerson(path, init) {
      done.push(['fetch', path, init.method])
      if (path.startsWith('/api/v2/broken')) throw new TypeError('no connection')
      return path.startsWith('/api/v2/tickets/4001')
        ? Response.json({ ticket: { id: 4001 }, sent: init.body ?? null })
        : Response.json({ error: 'RecordNotFound' }, { status: 404 })
    },
  },
})

/** Frames a page of the app as a new instance, listening before it loads (step 1). */
function frame(
  location: string,
  path: string,
  options: { guid?: string; ticketId?: number } = {},
): { guid: string; detach: () => void } {
  const guid = options.guid ?? newGuid()
  const iframe = document.createElement('iframe')
  iframe.name = guid
  const detach = host.attach({
    guid,
    location,
    ticketId: options.ticketId,
    appWindow: () => iframe.contentWindow,
  })
  const address = new URL(path, appOrigin)
  address.searchParams.set('origin', window.location.origin)
  address.searchParams.set('app_guid', guid)
  iframe.src = address.href
  document.body.append(iframe)
  return { guid, detach }
}

Object.assign(window, { host, frame, done, transcript, fields })

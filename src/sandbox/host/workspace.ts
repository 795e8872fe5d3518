/** What the host needs of the page around it. The page implements it; the protocol lives elsewhere. */

export type ColorScheme = 'light' | 'dark'

export type HostUser = {
  id: number
  name: string
  email: string
  role: string
  groups: readonly { id: number; name: string }[]
} & Readonly<Record<string, unknown>>

/** A native field of the ticket form. `name` is ZAF's: `status`, `custom_field_301`. */
export type HostTicketField = {
  name: string
  label: string
  type: string
  isVisible: boolean
  isEnabled: boolean
}

export const COMMENT_TYPES = ['publicReply', 'internalNote'] as const

/** The comment that the agent is writing. `text` is plain: the sandbox's editor is not rich. */
export type HostComment = {
  text: string
  type: (typeof COMMENT_TYPES)[number]
  attachments: readonly unknown[]
}

/** A ticket as the agent sees it: stored properties with the draft on top. */
export type HostTicket = {
  id: number
  customFields: Readonly<Record<`custom_field_${number}`, unknown>>
  properties: Readonly<Record<string, unknown>>
  comment: HostComment
}

export type FieldChange = 'show' | 'hide' | 'enable' | 'disable'
export type NoticeKind = 'notice' | 'alert' | 'error'
export type Size = { width?: string; height?: string }

export type Workspace = {
  subdomain: string
  currentUser(): HostUser
  currentAccount(): Readonly<Record<string, unknown>>
  colorScheme(): ColorScheme
  /** undefined when the ticket is not open. */
  ticket(ticketId: number): HostTicket | undefined
  ticketFields(ticketId: number): readonly HostTicketField[]
  /** Changes the draft. `property` is ZAF's name; false when it cannot be written. */
  setTicketProperty(ticketId: number, property: string, value: unknown): boolean
  /** false when the ticket has no such field. */
  changeTicketField(ticketId: number, name: string, change: FieldChange): boolean
  setCommentText(ticketId: number, text: string, how: 'replace' | 'append'): void
  setCommentType(ticketId: number, type: HostComment['type']): void
  setSaveEnabled(ticketId: number, isEnabled: boolean): void
  resize(guid: string, size: Size): void
  setVisible(guid: string, isVisible: boolean): void
  notify(message: string, kind: NoticeKind, options: { isSticky: boolean }): void
  /** Shows another symbol of the app's icon in the navigation bar. */
  setIcon(symbol: string): void
  /** false when there is no such place. */
  routeTo(place: string, rest: readonly unknown[]): boolean
  /** Frames `url` in a dialog as instance `guid` (step 17). */
  openModal(modal: { guid: string; url: string; size: Size }): void
  closeModal(guid: string): void
  /** `fetch` as the signed-in person; path and query on the account only (step 19). */
  fetchAsPerson(path: string, init: RequestInit): Promise<Response>
}

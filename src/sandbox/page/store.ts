/** What the page knows and shows: one immutable state, replaced as a whole. */
import { useSyncExternalStore } from 'react'
import type { ControlView } from '../control-state.ts'
import type { ColorScheme, NoticeKind, Size } from '../host/workspace.ts'
import type { CommentRecord, TicketFieldRecord, TicketRecord, TicketStatus } from './records.ts'

/** What an agent changed and has not submitted. Absent means: as stored. */
export type Draft = {
  subject?: string
  status?: TicketStatus
  priority?: string | null
  type?: string | null
  tags?: readonly string[]
  assignee_id?: number | null
  group_id?: number | null
  customFields: Readonly<Record<number, unknown>>
  comment: string
  isPublic: boolean
}

export const EMPTY_DRAFT: Draft = { customFields: {}, comment: '', isPublic: true }

/** What apps did to a native field: by ZAF's field name. */
export type FieldLook = { isHidden?: boolean; isDisabled?: boolean }

export type Notice = { id: number; text: string; kind: NoticeKind; isSticky: boolean }

export type Modal = { guid: string; url: string; size: Size }

export type PageState = {
  colorScheme: ColorScheme
  control: ControlView | null
  /** The sandbox's time, moved on every few seconds. */
  nowMs: number
  tickets: Readonly<Record<number, TicketRecord>>
  comments: Readonly<Record<number, readonly CommentRecord[]>>
  ticketFields: readonly TicketFieldRecord[]
  /** Tickets with a tab, in the order they were opened. */
  openTickets: readonly number[]
  drafts: Readonly<Record<number, Draft>>
  fieldLooks: Readonly<Record<number, Readonly<Record<string, FieldLook>>>>
  saveDisabled: readonly number[]
  saving: readonly number[]
  /** Per ticket, what stopped it from being shown. */
  failures: Readonly<Record<number, number>>
  isListLoaded: boolean
  /** The list could not be loaded: the status, 0 for no answer. */
  listFailure: number | null
  notices: readonly Notice[]
  modal: Modal | null
  frameSizes: Readonly<Record<string, Size>>
  hiddenFrames: readonly string[]
  /** The nav bar's app is loaded at its first visit, as Zendesk does. */
  isNavBarOpened: boolean
  /** The symbol of the app's icon in the rail. */
  navBarIcon: string
}

export type Store = {
  get(): PageState
  update(change: (state: PageState) => Partial<PageState>): void
  subscribe(onChange: () => void): () => void
}

export function createStore(colorScheme: ColorScheme): Store {
  let state: PageState = {
    colorScheme,
    control: null,
    nowMs: performance.timeOrigin + performance.now(),
    tickets: {},
    comments: {},
    ticketFields: [],
    openTickets: [],
    drafts: {},
    fieldLooks: {},
    saveDisabled: [],
    saving: [],
    failures: {},
    isListLoaded: false,
    listFailure: null,
    notices: [],
    modal: null,
    frameSizes: {},
    hiddenFrames: [],
    isNavBarOpened: false,
    navBarIcon: 'default',
  }
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    update(change) {
      state = { ...state, ...change(state) }
      for (const listener of listeners) listener()
    },
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

/** The part of the state that `select` picks; it must return what stands in the state, not a copy. */
export function usePick<Picked>(store: Store, select: (state: PageState) => Picked): Picked {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

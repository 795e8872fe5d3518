/** Drafts that are not saved yet, kept in memory while one looks at another screen. No storage has them. */
export type Unsaved = { policy: string; cases: string; comment: string; basedOn: number | null }

const kept = new Map<string, Unsaved>()

/** What a draft is kept under: its version, or what a new one is begun from. */
export const unsavedName = (version: number | null, from: number | null = null): string =>
  version === null ? `new from ${from ?? 'active'}` : String(version)

export const unsavedOf = (key: string): Unsaved | undefined => kept.get(key)

export function keepUnsaved(key: string, draft: Unsaved | null): void {
  if (draft === null) kept.delete(key)
  else kept.set(key, draft)
}

import { useMemo } from 'react'
import type { Client } from './client.ts'
import { useClient } from './ClientProvider.tsx'

/** The comment that the agent is writing. `text` is HTML where the host's editor is rich. */
export type Draft = { text: string; isPublic: boolean }

export type DraftAccess = {
  /** An unwritten comment is an empty text. Rejects when the host does not say what is written. */
  read(): Promise<Draft>
  write(text: string): Promise<void>
}

const textOf = (comment: unknown): unknown =>
  typeof comment === 'object' && comment !== null ? (comment as { text?: unknown }).text : comment

async function readText(client: Client): Promise<string> {
  const text: unknown = await client.get('comment.text').then(
    (result) => result['comment.text'],
    async () => textOf((await client.get('ticket.comment'))['ticket.comment']),
  )
  if (typeof text === 'string') return text
  if (text === null || text === undefined) return ''
  throw new TypeError('the draft is no text')
}

/** Only a note is known to stay inside; every other type, and none at all, counts as public. */
async function readIsPublic(client: Client): Promise<boolean> {
  return client.get('comment.type').then(
    (result) => result['comment.type'] !== 'internalNote',
    () => true,
  )
}

/** Reads and changes the comment that the agent is writing beside the app. */
export function useDraft(): DraftAccess {
  const client = useClient()
  return useMemo(
    () => ({
      async read() {
        const [text, isPublic] = await Promise.all([readText(client), readIsPublic(client)])
        return { text, isPublic }
      },
      async write(text) {
        await client.set('comment.text', text)
      },
    }),
    [client],
  )
}

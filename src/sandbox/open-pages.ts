/** The open pages of the sandbox, and how they are told what happens (server-sent events). */
import type { SandboxEvent } from './control-state.ts'

type Listener = { personId: number; send: (event: SandboxEvent) => void }

export type OpenPages = {
  /** An endless answer that carries events to one person's page, `first` to begin with. */
  open(personId: number, first: SandboxEvent): Response
  /** Tells every page, or only those of one person. */
  tell(event: SandboxEvent, personId?: number | null): void
  close(): void
}

const ENCODER = new TextEncoder()

export function createOpenPages(): OpenPages {
  const listeners = new Set<Listener>()
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()

  return {
    open(personId, first) {
      let forget = () => {}
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const send = (event: SandboxEvent) => {
            controller.enqueue(ENCODER.encode(`data: ${JSON.stringify(event)}\n\n`))
          }
          const listener = { personId, send }
          listeners.add(listener)
          streams.add(controller)
          forget = () => {
            listeners.delete(listener)
            streams.delete(controller)
          }
          send(first)
        },
        cancel: () => forget(),
      })
      return new Response(body, {
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      })
    },
    tell(event, personId = null) {
      for (const listener of listeners) {
        if (personId === null || listener.personId === personId) listener.send(event)
      }
    },
    close() {
      for (const stream of streams) stream.close()
      listeners.clear()
      streams.clear()
    },
  }
}

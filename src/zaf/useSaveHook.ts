import { useEffect, useRef } from 'react'
import { useClient } from './ClientProvider.tsx'

/** `true` lets the host save; a text stops it, and the host shows the text to the agent. */
export type SaveAnswer = true | string

/** The host waits for nobody this long, however slow a check is. */
const PATIENCE_MS = 5_000

/**
 * Answers the host's `ticket.save`, asked before each save while mounted. `unable` answers in place of
 * a check that failed or that takes longer than the host can be left waiting.
 */
export function useSaveHook(check: () => Promise<SaveAnswer>, unable: () => SaveAnswer): void {
  const client = useClient()
  const newest = useRef({ check, unable })
  useEffect(() => {
    newest.current = { check, unable }
  })
  useEffect(() => {
    const answer = async () => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(reject, PATIENCE_MS)
      })
      const said = await Promise.race([newest.current.check(), late]).catch(() =>
        newest.current.unable(),
      )
      clearTimeout(timer)
      // The SDK takes any promise that resolves for a yes, whatever it resolves to.
      if (said !== true) throw said
      return true
    }
    client.on('ticket.save', answer)
    return () => client.off('ticket.save', answer)
  }, [client])
}

import { useEffect, useState } from 'react'
import { useClient } from './ClientProvider.tsx'

export type HostAnswer =
  | { status: 'processing' }
  | { status: 'success'; data: unknown }
  | { status: 'error'; error: unknown }

/** Reads one property of the host, such as `currentUser`. What comes back is unchecked. */
export function useClientGet(path: string): HostAnswer {
  const client = useClient()
  const [answered, setAnswered] = useState<{ path: string; answer: HostAnswer } | null>(null)
  useEffect(() => {
    let isCurrent = true
    client.get(path).then(
      (result) =>
        isCurrent && setAnswered({ path, answer: { status: 'success', data: result[path] } }),
      (error: unknown) => isCurrent && setAnswered({ path, answer: { status: 'error', error } }),
    )
    return () => {
      isCurrent = false
    }
  }, [client, path])
  return answered?.path === path ? answered.answer : { status: 'processing' }
}

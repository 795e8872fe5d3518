/**
 * A value on screen and every way it leaves it. The value lives in this hook's state and nowhere else:
 * not in storage, not in a message to the host, and not in the document once it is masked again.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ScrimError } from '../../../core/errors.ts'
import type { SensitivityClass } from '../../../core/protected-field.ts'
import type { Heartbeat, RevealedValue } from '../../../contract/grants.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { gatherValue } from './gather-document.ts'
import type { ShownValue } from './gather-document.ts'

/** A heartbeat every 3 seconds that may take 2: what is revoked is masked within 5 seconds. */
const HEARTBEAT_MS = 3_000
const HEARTBEAT_TIMEOUT_MS = 2_000
/** A part of a document is nearly three megabytes long. */
const PART_TIMEOUT_MS = 30_000
/** No pointer and no key in this frame for so long means nobody is reading. */
const IDLE_MS = 60_000
/** A `secret` value stays this long after the person clicked into another part of the page. */
const SECRET_BLUR_MS = 5_000

export type RemaskCause = 'time' | 'hidden' | 'idle' | 'left' | 'by_hand' | 'ended' | 'unreachable'

export type RevealPhase =
  | { name: 'masked'; cause: RemaskCause | null }
  | { name: 'fetching' }
  | { name: 'shown'; revealed: ShownValue; deadline: number }
  | { name: 'failed'; error: unknown }

export type RevealedValueControls = {
  phase: RevealPhase
  /** Until when showing again costs no use, on `performance.now()`; null when it would cost one. */
  windowEndsAt: number | null
  show: () => Promise<void>
  mask: (cause: RemaskCause) => void
}

const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const

export function useRevealedValue(input: {
  grantId: string
  fieldId: string
  sensitivityClass: SensitivityClass
  /** False once the endpoint said that the grant has ended: whatever is on screen goes. */
  isGrantAlive: boolean
}): RevealedValueControls {
  const { grantId, fieldId, sensitivityClass, isGrantAlive } = input
  const { endpoint, newId } = useEndpoint()
  const [phase, setPhase] = useState<RevealPhase>({ name: 'masked', cause: null })
  const [windowEndsAt, setWindowEndsAt] = useState<number | null>(null)
  // One id an intention: repeated until it is answered, and while its display window lasts.
  const attempt = useRef<{ id: string; windowEndsAt: number | null } | null>(null)
  const isMounted = useRef(true)
  const fetching = useRef<AbortController | null>(null)
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
      fetching.current?.abort()
    }
  }, [])

  const mask = useCallback((cause: RemaskCause) => {
    setPhase((last) => (last.name === 'shown' ? { name: 'masked', cause } : last))
  }, [])

  const forgetAttempt = useCallback(() => {
    attempt.current = null
    setWindowEndsAt(null)
  }, [])

  const show = useCallback(async () => {
    const askedAt = performance.now()
    const last = attempt.current
    const isOver = (last?.windowEndsAt ?? Infinity) <= askedAt
    const current = last === null || isOver ? { id: newId(), windowEndsAt: null } : last
    attempt.current = current
    setPhase({ name: 'fetching' })
    const controller = new AbortController()
    fetching.current = controller
    const ask = (part: number) =>
      endpoint.send<RevealedValue>(
        'POST',
        `/grants/${grantId}/reveal`,
        { attemptId: current.id, fieldId, part },
        { signal: controller.signal, ...(part === 0 ? {} : { timeoutMs: PART_TIMEOUT_MS }) },
      )
    try {
      const first = await ask(0)
      if (!isMounted.current) return
      // Counted from the question, so that the answer's way never makes the value stay longer.
      const deadline = askedAt + first.displayRemainingSeconds * 1000
      attempt.current = { id: current.id, windowEndsAt: deadline }
      setWindowEndsAt(deadline)
      const revealed = await gatherValue(first, ask)
      if (!isMounted.current) return
      setPhase(
        document.visibilityState === 'hidden'
          ? { name: 'masked', cause: 'hidden' }
          : { name: 'shown', revealed, deadline },
      )
    } catch (error) {
      if (!isMounted.current) return
      // A refusal answers the attempt. A lost answer does not: the same attempt asks again.
      if (error instanceof ScrimError) forgetAttempt()
      setPhase({ name: 'failed', error })
    }
  }, [endpoint, newId, grantId, fieldId, forgetAttempt])

  useEffect(() => {
    if (windowEndsAt === null) return undefined
    const timer = setTimeout(forgetAttempt, Math.max(0, windowEndsAt - performance.now()))
    return () => clearTimeout(timer)
  }, [windowEndsAt, forgetAttempt])

  const isShown = phase.name === 'shown'
  const shown = isShown ? phase.revealed : null
  useEffect(() => {
    if (shown === null || !('document' in shown)) return undefined
    // Whoever still holds the document when it is masked holds zeros.
    return () => void shown.document.bytes.fill(0)
  }, [shown])

  const deadline = isShown ? phase.deadline : null

  useEffect(() => {
    if (deadline === null) return undefined
    const timer = setTimeout(() => mask('time'), Math.max(0, deadline - performance.now()))
    return () => clearTimeout(timer)
  }, [deadline, mask])

  useEffect(() => {
    if (!isShown) return undefined
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const beat = async () => {
      const sentAt = performance.now()
      try {
        const { displayRemainingSeconds } = await endpoint.send<Heartbeat>(
          'POST',
          `/grants/${grantId}/heartbeat`,
          { attemptId: attempt.current?.id ?? '' },
          { timeoutMs: HEARTBEAT_TIMEOUT_MS, signal: controller.signal },
        )
        if (controller.signal.aborted) return
        const serverDeadline = sentAt + displayRemainingSeconds * 1000
        setPhase((last) =>
          last.name === 'shown' && serverDeadline + 1000 < last.deadline
            ? { ...last, deadline: serverDeadline }
            : last,
        )
        const elapsed = performance.now() - sentAt
        timer = setTimeout(beat, Math.max(0, HEARTBEAT_MS - elapsed))
      } catch (error) {
        if (controller.signal.aborted) return
        if (error instanceof ScrimError) {
          forgetAttempt()
          mask('ended')
        } else {
          mask('unreachable')
        }
      }
    }
    timer = setTimeout(beat, HEARTBEAT_MS)
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [isShown, endpoint, grantId, mask, forgetAttempt])

  useEffect(() => {
    if (!isShown) return undefined
    let idle: ReturnType<typeof setTimeout> | undefined
    const onActivity = () => {
      clearTimeout(idle)
      idle = setTimeout(() => mask('idle'), IDLE_MS)
    }
    onActivity()
    const onVisibility = () => {
      if (document.visibilityState === 'hidden') mask('hidden')
    }
    const onPageHide = () => mask('hidden')
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') mask('by_hand')
    }
    for (const name of ACTIVITY) window.addEventListener(name, onActivity, { passive: true })
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('pagehide', onPageHide)
    window.addEventListener('keydown', onKey)
    return () => {
      clearTimeout(idle)
      for (const name of ACTIVITY) window.removeEventListener(name, onActivity)
      document.removeEventListener('visibilitychange', onVisibility)
      window.removeEventListener('pagehide', onPageHide)
      window.removeEventListener('keydown', onKey)
    }
  }, [isShown, mask])

  useEffect(() => {
    if (!isShown || sensitivityClass !== 'secret') return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const onBlur = () => {
      clearTimeout(timer)
      timer = setTimeout(() => mask('left'), SECRET_BLUR_MS)
    }
    const onFocus = () => clearTimeout(timer)
    window.addEventListener('blur', onBlur)
    window.addEventListener('focus', onFocus)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('blur', onBlur)
      window.removeEventListener('focus', onFocus)
    }
  }, [isShown, sensitivityClass, mask])

  useEffect(() => {
    if (isGrantAlive) return undefined
    fetching.current?.abort()
    const timer = setTimeout(() => {
      forgetAttempt()
      mask('ended')
    })
    return () => clearTimeout(timer)
  }, [isGrantAlive, mask, forgetAttempt])

  useClientEvent('app.deactivated', () => mask('hidden'))

  // Out of the document in the same render that learns of the end; the state follows.
  const isOver = !isGrantAlive && phase.name === 'shown'
  return { phase: isOver ? { name: 'masked', cause: 'ended' } : phase, windowEndsAt, show, mask }
}

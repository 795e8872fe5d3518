import { useCallback, useEffect, useRef, useState } from 'react'
import type { DetectionSettingsView } from '../../../contract/detection.ts'
import type { ProtectedFieldView, TakenIn } from '../../../contract/protected-fields.ts'
import type {
  SaveGuardAct,
  SaveGuardPass,
  SaveGuardPassInput,
  SaveGuardStopInput,
} from '../../../contract/save-guard.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useDraft } from '../../../zaf/useDraft.ts'
import type { Detect } from '../../../detect/detector.ts'
import type { DetectedKind } from '../../../detect/span.ts'
import { CONTACT_KINDS } from '../../../detect/span.ts'
import type { SaveAnswer } from '../../../zaf/useSaveHook.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Occurrence } from './draft-text.ts'
import { mayBeMarkup, plainText, replaceOccurrences, saysTheSame, scanDraft } from './draft-text.ts'
import type { Finding, Pass } from './findings.ts'
import {
  gatherFindings,
  isCovered,
  keyOf,
  kindsOf,
  maskOf,
  passFor,
  placesOf,
  planFor,
} from './findings.ts'

/** Why nothing could be looked at. */
export type UnableWhy = 'detector' | 'failed' | 'draft'

export type GuardView =
  | { name: 'quiet' }
  | { name: 'stopped'; findings: readonly Finding[]; isPublic: boolean }
  /** A pass is there; the next save of this draft goes through. */
  | { name: 'allowed' }
  /** What was found is out of the draft. */
  | { name: 'clear' }
  | { name: 'unable'; why: UnableWhy; isSent: boolean }

/** The draft stayed as it was. `isKept`: the value had gone into the vault by then. */
export class DraftUnchangedError extends Error {
  readonly isKept: boolean
  constructor(isKept: boolean) {
    super('the draft did not change')
    this.isKept = isKept
  }
}

class UnableError extends Error {
  readonly why: UnableWhy
  constructor(why: UnableWhy) {
    super(why)
    this.why = why
  }
}

export type SaveGuard = {
  view: GuardView
  /** null until policy has said; then nobody is offered what only policy can allow. */
  maySendWithReason: boolean | null
  /** Fields that took a value in from this draft. */
  taken: ReadonlySet<string>
  /** Answers the host before a save. */
  check: () => Promise<SaveAnswer>
  /** Rejects with a ScrimError, an UnreachableError or a DraftUnchangedError. */
  move: (finding: Finding, fieldId: string) => Promise<void>
  mask: (findings: readonly Finding[]) => Promise<void>
  /** What has an empty field goes there; of the rest the mask stays. */
  settleAll: (findings: readonly Finding[]) => Promise<void>
  allow: (reasonText: string) => Promise<void>
  dismiss: () => void
}

/** Less than the hook's own patience: an answer that follows policy beats one that cannot. */
const PATIENCE_MS = 3_000
const SETTINGS_PATIENCE_MS = 1_000

/** The smaller one unless policy asks about what only the whole one knows. */
const loadDetector = async (kinds: readonly DetectedKind[] = []): Promise<Detect> =>
  kinds.some((kind) => CONTACT_KINDS.includes(kind))
    ? (await import('../../../detect/detect.ts')).detect
    : (await import('../../../detect/detect-values.ts')).detectValues

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const QUIET: GuardView = { name: 'quiet' }

/**
 * The guard of one ticket's draft: looks before each save, keeps what it found until that is settled,
 * and changes the draft only where it holds the value at that moment.
 */
export function useSaveGuard(
  ticketId: number,
  fields: readonly ProtectedFieldView[],
  { announce, onTakenIn }: { announce: (text: string) => void; onTakenIn: () => void },
): SaveGuard {
  const { endpoint } = useEndpoint()
  const { t, enumeration } = useTranslation()
  const draft = useDraft()
  const [view, setView] = useState<GuardView>(QUIET)
  const [settings, setSettings] = useState<DetectionSettingsView | null>(null)
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set())
  const known = useRef<DetectionSettingsView | null>(null)
  const pass = useRef<Pass | null>(null)
  /** Used for the save that is going on; comes back when Zendesk does not save. */
  const usedPass = useRef<Pass | null>(null)
  /** Masks of values that are in the vault while the draft still holds them. */
  const kept = useRef(new Map<string, string>())
  const newest = useRef(view)
  const become = useCallback((next: GuardView) => {
    newest.current = next
    setView(next)
  }, [])

  const fetchSettings = useCallback(async () => {
    const answer = await endpoint.get<DetectionSettingsView>('/detection')
    if (!answer.isUnchanged) known.current = answer.body
    return known.current
  }, [endpoint])

  const base = `/tickets/${ticketId}`
  /** Best effort: what a person may do never waits for it. */
  const record = (act: SaveGuardAct, findings: readonly Finding[], isPublic: boolean) => {
    const input: SaveGuardStopInput = {
      act,
      kinds: kindsOf(findings),
      count: placesOf(findings),
      isPublic,
    }
    endpoint.send('POST', `${base}/save-guard-stops`, input).catch(() => undefined)
  }

  const forget = useCallback(() => {
    pass.current = null
    kept.current.clear()
    setTaken(new Set())
    become(QUIET)
  }, [become])

  /** Throws an UnableError for whatever keeps it from looking. */
  const look = async () => {
    const [detect, { text, isPublic }] = await Promise.all([
      within(PATIENCE_MS, loadDetector(known.current?.saveGuard.kinds)).catch(() =>
        Promise.reject(new UnableError('detector')),
      ),
      within(PATIENCE_MS, draft.read()).catch(() => Promise.reject(new UnableError('draft'))),
    ])
    const { levels, custom, saveGuard } = known.current ?? {}
    const options = { ...(levels && { levels }), ...(custom && { custom }) }
    let occurrences: Occurrence[]
    try {
      occurrences = scanDraft(detect, text, options).filter(
        ({ kind }) => saveGuard?.kinds.includes(kind) !== false,
      )
    } catch {
      throw new UnableError('failed')
    }
    return { text, isPublic, occurrences }
  }

  const stop = (findings: readonly Finding[], isPublic: boolean): string => {
    const kinds = enumeration(kindsOf(findings).map((kind) => t(`kinds.${kind}`)))
    become({ name: 'stopped', findings, isPublic })
    announce(t('save_guard.stopped', { kinds }))
    record('stop', findings, isPublic)
    return t(isPublic ? 'save_guard.blocked_reply' : 'save_guard.blocked_note', { kinds })
  }

  const answerUnable = (why: UnableWhy): SaveAnswer => {
    const isSent = known.current?.saveGuard.whenUnable === 'pass'
    become({ name: 'unable', why, isSent })
    record(isSent ? 'pass_unchecked' : 'block_unchecked', [], true)
    if (isSent) return true
    const words = [t('save_guard.unable_blocked'), t(`save_guard.unable.${why}`)]
    return [...words, t('save_guard.unable_blocked_next')].join(' ')
  }

  const check = async (): Promise<SaveAnswer> => {
    // Whatever became of the save before: a pass comes back for that one only.
    usedPass.current = null
    const asked = fetchSettings().then(setSettings, () => undefined)
    // What is known answers at once; the next save goes by what comes now.
    if (known.current === null) await within(SETTINGS_PATIENCE_MS, asked).catch(() => undefined)
    if (known.current?.saveGuard.action === 'off') {
      forget()
      return true
    }
    try {
      const { occurrences, isPublic } = await look()
      const findings = gatherFindings(occurrences)
      const isPassed = isCovered(pass.current, findings, isPublic)
      if (findings.length > 0 && !isPassed) return stop(findings, isPublic)
      usedPass.current = findings.length > 0 ? pass.current : null
      forget()
      return true
    } catch (error) {
      return answerUnable(error instanceof UnableError ? error.why : 'failed')
    }
  }

  /** Shows what the draft holds now. */
  const lookAgain = async () => {
    const { occurrences, isPublic } = await look()
    const findings = gatherFindings(occurrences)
    become(findings.length === 0 ? { name: 'clear' } : { name: 'stopped', findings, isPublic })
  }

  /** Puts each mask where its value stands in the draft by now. */
  const putMasks = async (masks: ReadonlyMap<string, string>) => {
    const { text, occurrences } = await look()
    const meant = occurrences.filter((occurrence) => masks.has(keyOf(occurrence)))
    // From the end on, so that the places before stay where they are.
    const next = meant
      .toSorted((one, other) => other.start - one.start)
      .reduce((rest, one) => replaceOccurrences(rest, [one], masks.get(keyOf(one)) ?? ''), text)
    if (next === text) return
    await draft.write(next)
    const after = await look()
    if (wasTakenLiterally(after.text, next)) await draft.write(plainText(next))
    const { occurrences: left } = await look()
    if (left.some((occurrence) => masks.has(keyOf(occurrence)))) throw new Error('unchanged')
  }

  const changeDraft = async (masks: ReadonlyMap<string, string>) => {
    try {
      await putMasks(masks)
    } catch {
      throw new DraftUnchangedError([...masks.keys()].some((key) => kept.current.has(key)))
    }
    for (const key of masks.keys()) kept.current.delete(key)
  }

  /** Durable when it resolves. A value that is kept already is not stored again. */
  const keep = async (finding: Finding, fieldId: string): Promise<string> => {
    const already = kept.current.get(finding.key)
    if (already !== undefined) return already
    const path = `${base}/protected-fields/${fieldId}/value`
    const { masked } = await endpoint.send<TakenIn>('PUT', path, { value: finding.value })
    kept.current.set(finding.key, masked)
    setTaken((last) => new Set([...last, fieldId]))
    onTakenIn()
    return masked
  }

  const isPublicNow = () => newest.current.name !== 'stopped' || newest.current.isPublic

  const move: SaveGuard['move'] = async (finding, fieldId) => {
    const masked = await keep(finding, fieldId)
    await changeDraft(new Map([[finding.key, masked]]))
    record('move', [finding], isPublicNow())
    announce(t('save_guard.moved', { masked }))
    await lookAgain()
  }

  const mask: SaveGuard['mask'] = async (findings) => {
    const masks = new Map(findings.map((finding) => [finding.key, maskOf(finding, fields)]))
    await changeDraft(masks)
    record('mask', findings, isPublicNow())
    announce(t('save_guard.masked', { masked: enumeration([...masks.values()]) }))
    await lookAgain()
  }

  const settleAll: SaveGuard['settleAll'] = async (findings) => {
    const masks = new Map<string, string>()
    const [moved, masked]: [Finding[], Finding[]] = [[], []]
    let failure: { error: unknown } | null = null
    for (const { finding, fieldId } of planFor(findings, fields, taken)) {
      if (fieldId === null && !kept.current.has(finding.key)) {
        masks.set(finding.key, maskOf(finding, fields))
        masked.push(finding)
        continue
      }
      try {
        masks.set(finding.key, await keep(finding, fieldId ?? ''))
        moved.push(finding)
      } catch (error) {
        failure = { error }
        break
      }
    }
    // What is in the vault by now leaves the draft, also when the next value could not be stored.
    await changeDraft(masks)
    if (moved.length > 0) record('move', moved, isPublicNow())
    if (masked.length > 0) record('mask', masked, isPublicNow())
    announce(t('save_guard.masked', { masked: enumeration([...masks.values()]) }))
    await lookAgain()
    if (failure !== null) throw failure.error
  }

  const allow: SaveGuard['allow'] = async (reasonText) => {
    if (newest.current.name !== 'stopped') return
    const { findings, isPublic } = newest.current
    const input: SaveGuardPassInput = {
      kinds: kindsOf(findings),
      count: placesOf(findings),
      isPublic,
      reasonText,
    }
    await endpoint.send<SaveGuardPass>('POST', `${base}/save-guard-passes`, input)
    pass.current = passFor(findings, isPublic)
    become({ name: 'allowed' })
    announce(`${t('save_guard.allowed')} ${t('save_guard.submit_again')}`)
  }

  const latest = useRef(lookAgain)
  useEffect(() => {
    latest.current = lookAgain
  })
  useEffect(() => {
    // Before they are needed; what fails here is asked for again when it is.
    fetchSettings()
      .then((settings) => {
        setSettings(settings)
        return loadDetector(settings?.saveGuard.kinds)
      })
      .catch(() => loadDetector())
      .catch(() => undefined)
  }, [fetchSettings])
  useEffect(() => {
    // The agent may have changed the draft by hand before they turn to the panel.
    const onFocus = () => {
      if (newest.current.name === 'stopped') latest.current().catch(() => undefined)
    }
    window.addEventListener('focus', onFocus)
    return () => window.removeEventListener('focus', onFocus)
  }, [])
  useClientEvent('ticket.submit.done', () => {
    usedPass.current = null
    if (newest.current.name !== 'unable') forget()
  })
  useClientEvent('ticket.submit.fail', () => {
    if (usedPass.current === null) return
    pass.current = usedPass.current
    usedPass.current = null
    become({ name: 'allowed' })
  })

  return {
    view,
    maySendWithReason: settings?.saveGuard.maySendWithReason ?? null,
    taken,
    check,
    move,
    mask,
    settleAll,
    allow,
    dismiss: forget,
  }
}

/** The host showed the tags that were written as if the agent had typed them. */
function wasTakenLiterally(after: string, written: string): boolean {
  return (
    mayBeMarkup(written) &&
    !saysTheSame(after, written) &&
    saysTheSame(plainText(after), written) &&
    mayBeMarkup(plainText(after))
  )
}

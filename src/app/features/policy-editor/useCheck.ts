/**
 * What the endpoint says of the document as it stands: with Zendesk's people and groups, open requests
 * and active grants. Asked once typing pauses; an answer to an older document is dropped.
 */
import { useEffect, useRef, useState } from 'react'
import type { CheckPolicyInput, PolicyAnalysis } from '../../../contract/policy.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'

const PATIENCE_MS = 700

type Answered =
  { status: 'success'; analysis: PolicyAnalysis } | { status: 'error'; error: unknown }

export type Check =
  /** `last` is of an older document. */
  { status: 'processing'; last: PolicyAnalysis | null } | Answered

/** `input` null: there is nothing that could be checked. */
export function useCheck(input: CheckPolicyInput | null): Check {
  const { endpoint } = useEndpoint()
  const [came, setCame] = useState<{ spelled: string; check: Answered } | null>(null)
  const run = useRef(0)
  const isFirst = useRef(true)
  const spelled = input === null ? null : JSON.stringify(input)
  useEffect(() => {
    run.current += 1
    const own = run.current
    if (spelled === null) return undefined
    const answer = (check: Answered) => {
      if (own === run.current) setCame({ spelled, check })
    }
    const timer = setTimeout(
      () => {
        endpoint
          .send<PolicyAnalysis>('POST', '/policy/check', JSON.parse(spelled) as CheckPolicyInput)
          .then(
            (analysis) => {
              answer({ status: 'success', analysis })
              return undefined
            },
            (error: unknown) => answer({ status: 'error', error }),
          )
      },
      isFirst.current ? 0 : PATIENCE_MS,
    )
    isFirst.current = false
    return () => clearTimeout(timer)
  }, [spelled, endpoint])
  if (came !== null && came.spelled === spelled) return came.check
  const last = came?.check.status === 'success' ? came.check.analysis : null
  return { status: 'processing', last }
}

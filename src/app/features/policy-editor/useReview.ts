/**
 * What the edited document does: compared and tried here, at once and without a server; what takes
 * Zendesk's people, and open requests and grants, is the endpoint's word.
 */
import { useMemo } from 'react'
import type { PolicyAnalysis, PolicyVersionView } from '../../../contract/policy.ts'
import { policyCases, runPolicyCases } from '../../../core/policy-case.ts'
import { compareCases, comparePolicies, isWidening } from '../../../core/policy-change.ts'
import { policySchema } from '../../../core/policy.ts'
import type { JsonObject } from './json.ts'
import { getAt, isList, isObject } from './json.ts'
import type { Check } from './useCheck.ts'
import { useCheck } from './useCheck.ts'
import type { EditedDocument } from './useDocument.ts'

export type Reviewable = Pick<PolicyAnalysis, 'changes' | 'isWidening' | 'cases' | 'preview'> & {
  /** Null while nobody but the endpoint could say. */
  findings: PolicyAnalysis['findings'] | null
}

export type Review = { reviewed: Reviewable; check: Check }

/** Null while the document is none that could take effect. */
export function useReview(
  policy: EditedDocument,
  cases: EditedDocument,
  active: PolicyVersionView | null,
): Review | null {
  const stored = useMemo(
    () =>
      storable(
        { value: policy.value, faults: policy.faults },
        { value: cases.value, faults: cases.faults },
      ),
    [policy.value, policy.faults, cases.value, cases.faults],
  )
  const own = useMemo(() => {
    const after = policySchema.safeParse(policy.value)
    const listed = policyCases.safeParse(cases.value)
    if (!after.success || !listed.success || stored === null) return null
    const before = active === null ? null : policySchema.safeParse(active.document)
    return {
      changes:
        before?.success === true
          ? [
              ...comparePolicies(before.data, after.data),
              ...compareCases(active?.cases ?? [], listed.data.cases),
            ]
          : null,
      cases: runPolicyCases(after.data, listed.data.cases),
      input: stored,
    }
  }, [policy.value, cases.value, active, stored])
  const check = useCheck(own?.input ?? null)
  if (own === null) return null
  const analysis = analysisOf(check)
  const changes = own.changes ?? analysis?.changes ?? []
  return {
    check,
    reviewed: {
      changes,
      isWidening: own.changes === null ? (analysis?.isWidening ?? true) : isWidening(own.changes),
      cases: own.cases,
      findings: analysis?.findings ?? null,
      preview: check.status === 'success' ? check.analysis.preview : null,
    },
  }
}

/** The newest there is; of an older document it still says most of what is odd. */
function analysisOf(check: Check): PolicyAnalysis | null {
  if (check.status === 'success') return check.analysis
  return check.status === 'processing' ? check.last : null
}

type Read = Pick<EditedDocument, 'value' | 'faults'>

/** The two documents as the endpoint stores them: it takes none with a fault. */
export function storable(
  policy: Read,
  cases: Read,
): { document: JsonObject; cases: JsonObject[] } | null {
  if (policy.faults.length > 0 || cases.faults.length > 0) return null
  const listed = getAt(cases.value ?? undefined, ['cases'])
  const document = policy.value ?? undefined
  if (!isObject(document) || !isList(listed)) return null
  const own = listed.filter((one) => isObject(one))
  return own.length === listed.length ? { document, cases: own } : null
}

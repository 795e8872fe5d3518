/**
 * What the edited document does: compared and tried here, at once and without a server; what takes
 * Zendesk's people, and open requests and grants, is the endpoint's word.
 */
import { useMemo } from 'react'
import type { PolicyAnalysis, PolicyVersionView } from '../../../contract/policy.ts'
import { policyCases, runPolicyCases } from '../../../core/policy-case.ts'
import { comparePolicies, isWidening } from '../../../core/policy-change.ts'
import { policySchema } from '../../../core/policy.ts'
import type { Json, JsonObject } from './json.ts'
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
  const own = useMemo(() => {
    const after = policySchema.safeParse(policy.value)
    const listed = policyCases.safeParse(cases.value)
    if (!after.success || !listed.success) return null
    const before = active === null ? null : policySchema.safeParse(active.document)
    return {
      changes: before?.success === true ? comparePolicies(before.data, after.data) : null,
      cases: runPolicyCases(after.data, listed.data.cases),
      input: storable(policy.value, cases.value),
    }
  }, [policy.value, cases.value, active])
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

/** The two documents as the endpoint stores them; null for what is no object, or no list of them. */
export function storable(
  policy: Json | null,
  cases: Json | null,
): { document: JsonObject; cases: JsonObject[] } | null {
  const listed = isObject(cases ?? undefined) ? getAt(cases ?? undefined, ['cases']) : undefined
  const document = policy ?? undefined
  if (!isObject(document) || !isList(listed)) return null
  const own = listed.filter((one) => isObject(one))
  return own.length === listed.length ? { document, cases: own } : null
}

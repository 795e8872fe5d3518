/** What every control of the form works on: one document, its faults, and what holds now. */
import { createContext, useContext } from 'react'
import type { ReactNode } from 'react'
import type { PolicyFacts } from '../../../contract/policy.ts'
import type { PolicyDirectory } from '../../shared/policy-words.ts'
import type { Fault } from './document-faults.ts'
import type { Json, Path } from './json.ts'

export type DocumentForm = {
  document: Json
  /** The document that is in force; null compares with nothing. */
  base: Json | null
  faults: readonly Fault[]
  directory: PolicyDirectory & { ticketFields: PolicyFacts['ticketFields'] }
  /** What words of the policy a text may name, by the text's own name: `fieldIds`, `reasonCode`. */
  named?: Readonly<Record<string, readonly { value: string; label: string }[]>>
  /** Said beside an entry of a list. */
  noteOf?: (path: Path) => ReactNode
  set: (path: Path, value: Json) => void
  remove: (path: Path) => void
}

const FormContext = createContext<DocumentForm | null>(null)

export const FormProvider = FormContext.Provider

/** The document being edited. Throws outside the provider. */
export function useForm(): DocumentForm {
  const form = useContext(FormContext)
  if (form === null) throw new TypeError('useForm must be used within FormProvider')
  return form
}

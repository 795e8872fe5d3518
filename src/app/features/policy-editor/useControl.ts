/** One part of the document as its control needs it: value, words, faults, and what holds now. */
import { usePolicyWords } from '../../shared/policy-words.ts'
import { useForm } from './form-context.ts'
import type { FormNode } from './form-node.ts'
import type { Json, Path } from './json.ts'
import { getAt, spellPath } from './json.ts'
import { useFaultSentence } from './useFaultSentence.ts'

export function useControl(path: Path, node: FormNode) {
  const { document, base, faults, set, remove } = useForm()
  const words = usePolicyWords()
  const sentenceOf = useFaultSentence()
  const spelled = spellPath(path)
  const written = getAt(document, path)
  const before = base === null ? undefined : getAt(base, path)
  const own = faults.filter((fault) => fault.path === spelled)
  return {
    spelled,
    /** What the schema puts in place of what is missing; undefined where it puts nothing. */
    value: written ?? (written === undefined && node.hasDefault ? node.initial : written),
    label: words.labelOf(path),
    hint: words.hintOf(path),
    unit: words.unitOf(path),
    fault: own.length === 0 ? null : own.map(sentenceOf).join(' '),
    /** What holds now where that is something else. */
    before: before === undefined || isSame(before, written ?? null) ? undefined : before,
    set: (value: Json) => set(path, value),
    remove: () => remove(path),
  }
}

const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other)

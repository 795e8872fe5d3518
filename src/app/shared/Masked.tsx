/** A mask as people see it: tabular, one line, in the direction its kind is written in. */
import { styled } from 'styled-components'
import type { FieldKind } from '../../core/protected-field.ts'
import { oneLine } from './surface.ts'

const Text = styled.bdi`
  ${oneLine}
  /* Starts where the row starts, whichever way its own text runs. */
  display: inline-block;
  max-width: 100%;
  vertical-align: top;
  font-variant-numeric: tabular-nums;
  line-height: 32px;
`

const PROSE: readonly FieldKind[] = ['address', 'internal_note', 'other']

/** Numbers and addresses on the net run left to right in every language; prose runs as it is written. */
export function directionOfKind(kind: FieldKind): 'ltr' | 'auto' {
  return PROSE.includes(kind) ? 'auto' : 'ltr'
}

export function Masked({ kind, masked }: { kind: FieldKind; masked: string }) {
  return <Text dir={directionOfKind(kind)}>{masked}</Text>
}

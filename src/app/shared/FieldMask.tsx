/** What stands for a value that is not shown: its mask, or of a document what it is. */
import { Suspense } from 'react'
import type { ProtectedFieldView } from '../../contract/protected-fields.ts'
import { lazyFeature } from './lazy-feature.ts'
import { Masked } from './Masked.tsx'

/** Few tickets have one: the first paint of all others does without its icons. */
const LazyDocumentName = lazyFeature(async () => {
  const { DocumentName } = await import('./DocumentName.tsx')
  return DocumentName
})

export function FieldMask({ field }: { field: ProtectedFieldView }) {
  const mask = field.masked !== null && <Masked kind={field.kind} masked={field.masked} />
  if (field.contentType === null) return mask
  return (
    <Suspense fallback={mask}>
      <LazyDocumentName contentType={field.contentType} />
    </Suspense>
  )
}

/** "Why?" in a field's row: the button, and the sentences that it opens. */
import { Suspense, useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { lazyFeature } from '../../shared/lazy-feature.ts'
import { VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { MaskedFieldWhyProps } from './MaskedFieldWhy.tsx'

export const LazyMaskedFieldWhy = lazyFeature(async () => {
  const { MaskedFieldWhy } = await import('./MaskedFieldWhy.tsx')
  return MaskedFieldWhy
})

export function useWhy(props: MaskedFieldWhyProps) {
  const { t, fieldLabel } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  return {
    button: (
      <Button isLink aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {t('sidebar.why')}
        <VisuallyHidden>{` ${t('sidebar.why_of', { field: fieldLabel(props.field) })}`}</VisuallyHidden>
      </Button>
    ),
    panel: isOpen && (
      <Suspense fallback={null}>
        <LazyMaskedFieldWhy {...props} />
      </Suspense>
    ),
  }
}

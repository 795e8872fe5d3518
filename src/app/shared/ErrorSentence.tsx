/** A failed act in words, next to what was tried. */
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { ScrimError } from '../../core/errors.ts'
import { useTranslation } from './TranslationProvider.tsx'

const Sentence = styled.p`
  margin: 0;
  color: ${({ theme }) => getColor({ theme, variable: 'foreground.danger' })};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: ${({ theme }) => theme.lineHeights.sm};
`

/** The reason and the next step of a failure; no answer at all says so. */
export function useErrorSentence(): (error: unknown) => string {
  const { t, find, list } = useTranslation()
  return (error) => {
    if (!(error instanceof ScrimError)) return t('states.no_answer')
    const count = error.details.limit ?? 0
    const kinds = (error.details.kinds ?? []).map((kind) => find(`kinds.${kind}`) ?? kind)
    const values = { count, limit: count, kinds: kinds.length === 0 ? '' : list(kinds) }
    const reason = find(`errors.${error.code}.reason`, values)
    const next = find(`errors.${error.code}.next`, values)
    if (reason === undefined) return t('states.no_answer')
    const { companion } = error.details
    const named = companion === undefined ? '' : ` ${t('take_in.companion', companion)}`
    return `${reason} ${next ?? ''}${named}`
  }
}

const UnderAChoice = styled(Sentence)`
  padding-top: ${({ theme }) => theme.space.xxs};
`

/** What is wrong with a choice or a text, next to it. */
export function Fault({ children }: { children: string }) {
  return <UnderAChoice role="alert">{children}</UnderAChoice>
}

export function ErrorSentence({ error }: { error: unknown }) {
  const sentence = useErrorSentence()
  return <Sentence role="alert">{sentence(error)}</Sentence>
}

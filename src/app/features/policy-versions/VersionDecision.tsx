/** What one may do about a version. An act that one may not do says why in its place. */
import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PolicyVersionView } from '../../../contract/policy.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons } from '../../shared/form-surface.ts'
import { usePolicyConsequence } from '../../shared/policy-consequence.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { WhyPanel } from '../../shared/WhyPanel.tsx'

/** The contract's longest comment. */
const MAX_COMMENT_LENGTH = 1000

const Box = styled.section`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  padding: ${({ theme }) => theme.space.md};
  line-height: 20px;
  h3 {
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  form {
    display: flex;
    flex-direction: column;
    gap: ${({ theme }) => theme.space.sm};
  }
`

const Sentence = styled.p`
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

type Act = 'submit' | 'consent' | 'reject' | 'withdraw'

export function VersionDecision(props: {
  version: PolicyVersionView
  mayDraft: boolean
  onChanged: (version: PolicyVersionView) => void
  onEdit: () => void
  onCopy: () => void
}) {
  const { version } = props
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const consequenceOf = usePolicyConsequence()
  const title = useId()
  const [comment, setComment] = useState('')
  const [isCommentMissing, setIsCommentMissing] = useState(false)
  const [acting, act] = useAttempt(async (name: Act) => {
    const said = comment.trim()
    const body =
      name === 'consent' || name === 'reject' ? (said === '' ? {} : { comment: said }) : {}
    const path = `/policy/versions/${version.version}/${name}`
    props.onChanged(await endpoint.send<PolicyVersionView>('POST', path, body))
  })
  const isBusy = acting.status === 'processing'
  const reject = () => {
    const isMissing = comment.trim() === ''
    setIsCommentMissing(isMissing)
    if (!isMissing && !isBusy) void act('reject')
  }
  const consent = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) void act('consent')
  }
  const stage = version.state === 'draft' || version.state === 'waiting' ? version.state : 'over'
  const isOpen = stage !== 'over'
  return (
    <Box aria-labelledby={title}>
      <h3 id={title}>{t(`policy.decide.${stage}`)}</h3>
      {isOpen && version.analysis !== null && (
        <Sentence>{consequenceOf(version.analysis, stage === 'waiting')}</Sentence>
      )}
      {version.isOutdated && isOpen && <SubtleText>{t('policy.decide.outdated')}</SubtleText>}
      {version.state === 'waiting' &&
        (version.mayDecide.allowed ? (
          <form onSubmit={consent} noValidate aria-labelledby={title}>
            <Field>
              <Field.Label>{t('policy.decide.comment')}</Field.Label>
              <Field.Hint>{t('policy.decide.comment_hint')}</Field.Hint>
              <Textarea
                isCompact
                minRows={2}
                maxRows={6}
                maxLength={MAX_COMMENT_LENGTH}
                value={comment}
                validation={isCommentMissing ? 'error' : undefined}
                onChange={({ target }) => {
                  setComment(target.value)
                  setIsCommentMissing(false)
                }}
              />
              {isCommentMissing && (
                <Field.Message validation="error" validationLabel={t('states.error')}>
                  {t('policy.decide.comment_missing')}
                </Field.Message>
              )}
            </Field>
            <FormButtons>
              <Button size="small" isPrimary type="submit" disabled={isBusy}>
                {t('policy.decide.consent')}
              </Button>
              <Button size="small" isDanger disabled={isBusy} onClick={reject}>
                {t('policy.decide.reject')}
              </Button>
            </FormButtons>
          </form>
        ) : (
          <WhyPanel why={version.mayDecide} />
        ))}
      <FormButtons>
        {version.mayEdit.allowed && (
          <Button size="small" isPrimary disabled={isBusy} onClick={props.onEdit}>
            {t('policy.decide.edit')}
          </Button>
        )}
        {version.state === 'draft' && version.maySubmit.allowed && !version.mayEdit.allowed && (
          <Button size="small" isPrimary disabled={isBusy} onClick={() => void act('submit')}>
            {t('policy.submit')}
          </Button>
        )}
        {isOpen && version.mayWithdraw.allowed && (
          <Button
            size="small"
            isDanger
            isBasic
            disabled={isBusy}
            onClick={() => void act('withdraw')}
          >
            {t('policy.decide.withdraw')}
          </Button>
        )}
        {props.mayDraft && !version.mayEdit.allowed && (
          <Button size="small" disabled={isBusy} onClick={props.onCopy}>
            {t('policy.decide.copy')}
          </Button>
        )}
      </FormButtons>
      {version.state === 'draft' && !version.maySubmit.allowed && (
        <WhyPanel why={version.maySubmit} />
      )}
      {acting.status === 'error' && <ErrorSentence error={acting.error} />}
    </Box>
  )
}

/**
 * Editing a draft: the policy and its cases, each as a form or as a document, with what the change
 * does beside it. Nothing takes effect here before it is submitted, and what is typed is not lost.
 */
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { DraftPolicyInput, PolicyFacts, PolicyVersionView } from '../../../contract/policy.ts'
import { policyCases } from '../../../core/policy-case.ts'
import { policySchema } from '../../../core/policy.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { LiveRegion, useAnnouncer } from '../../shared/LiveRegion.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { useLeaveWarning } from '../../shared/useLeaveWarning.ts'
import { CasesForm } from './CasesForm.tsx'
import type { Fault } from './document-faults.ts'
import { DocumentView } from './DocumentView.tsx'
import type { DocumentViewHandle } from './DocumentView.tsx'
import { DraftActions } from './DraftActions.tsx'
import { FaultList } from './FaultList.tsx'
import { formOf } from './form-node.ts'
import type { Json } from './json.ts'
import { formatJson } from './json.ts'
import { PolicyForm } from './PolicyForm.tsx'
import type { Section } from './sections.ts'
import { sectionOf } from './sections.ts'
import { keepUnsaved, unsavedName, unsavedOf } from './unsaved.ts'
import type { EditedDocument } from './useDocument.ts'
import { lineOf, useDocument } from './useDocument.ts'
import type { Reviewable } from './useReview.ts'
import { storable, useReview } from './useReview.ts'

const POLICY_FORM = formOf(policySchema)

const Panes = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(280px, 340px);
  gap: ${({ theme }) => theme.space.lg};
  align-items: start;
  ${({ theme }) => mediaQuery('down', 'md', theme)} {
    grid-template-columns: minmax(0, 1fr);
  }
`

const Beside = styled.div`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.sm};
  border-inline-start: ${({ theme }) => theme.borders.sm}
    ${({ theme }) => getColor({ theme, variable: 'border.subtle' })};
  padding-inline-start: ${({ theme }) => theme.space.md};
  min-width: 0;
  ${({ theme }) => mediaQuery('down', 'md', theme)} {
    border: 0;
    padding: 0;
  }
`

const Bar = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.space.xs} ${theme.space.lg}`};
  padding-bottom: ${({ theme }) => theme.space.md};
`

const Title = styled.h2`
  margin: ${({ theme }) => `${theme.space.sm} 0 ${theme.space.xs}`};
  outline: none;
  font-size: ${({ theme }) => theme.fontSizes.lg};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: ${({ theme }) => theme.lineHeights.lg};
`

const Broken = styled.div`
  line-height: 20px;
  p {
    margin: 0 0 ${({ theme }) => theme.space.xs};
  }
`

const WHATS = ['policy', 'cases'] as const
const VIEWS = ['form', 'document'] as const
type What = (typeof WHATS)[number]
type View = (typeof VIEWS)[number]

export type PolicyEditorProps = {
  /** Null begins a new version, from `template`. */
  version: PolicyVersionView | null
  template: PolicyVersionView | null
  /** What it is compared with; null before the first. */
  active: PolicyVersionView | null
  /** What is typed and not saved is kept under this name. */
  name: string
  facts: PolicyFacts
  /** Draws what the change does; `documents` are compared, the newer first. */
  renderReview: (reviewed: Reviewable, documents: readonly unknown[]) => ReactNode
  onSaved: (version: PolicyVersionView) => void
  onSubmitted: (version: PolicyVersionView) => void
}

// A stored document is JSON; the contract says no more of it.
const jsonOf = (value: unknown) => value as Json

export function PolicyEditor(props: PolicyEditorProps) {
  const { template, active, facts } = props
  const [version, setVersion] = useState(props.version)
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const [message, announce] = useAnnouncer()
  const key = version === null ? props.name : unsavedName(version.version)
  const [kept] = useState(() => unsavedOf(key))
  const [saved, setSaved] = useState(() => textsOf(version, template ?? active))
  const [comment, setComment] = useState(kept?.comment ?? saved.comment)
  const [basedOn] = useState(kept?.basedOn ?? version?.basedOn ?? active?.version ?? null)
  const policy = useDocument(policySchema, kept?.policy ?? saved.policy)
  const cases = useDocument(policyCases, kept?.cases ?? saved.cases)
  const [what, setWhat] = useState<What>('policy')
  const [view, setView] = useState<View>('form')
  const [section, setSection] = useState<Section>('roles')
  const text = useRef<DocumentViewHandle>(null)
  const area = useRef<HTMLDivElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const review = useReview(policy, cases, active)
  const isUnsaved =
    policy.text !== saved.policy || cases.text !== saved.cases || comment !== saved.comment

  useEffect(() => {
    const draft = { policy: policy.text, cases: cases.text, comment, basedOn }
    keepUnsaved(key, isUnsaved ? draft : null)
  }, [key, isUnsaved, policy.text, cases.text, comment, basedOn])
  useLeaveWarning(isUnsaved)

  const stored = storable(policy, cases)
  const save = async () => {
    const sent = { policy: policy.text, cases: cases.text, comment }
    // The button stands still while there is nothing to store.
    if (stored === null) throw new TypeError('no documents')
    const body: DraftPolicyInput = { ...stored, comment: comment.trim(), basedOn }
    const answer =
      version === null
        ? await endpoint.send<PolicyVersionView>('POST', '/policy/versions', body)
        : await endpoint.send<PolicyVersionView>('PUT', `/policy/versions/${version.version}`, body)
    keepUnsaved(key, null)
    setSaved(sent)
    setVersion(answer)
    props.onSaved(answer)
    return answer
  }
  const [attempt, act] = useAttempt(async (then: 'save' | 'submit') => {
    const draft = version === null || isUnsaved ? await save() : version
    if (then === 'save') {
      announce(t('policy.saved'))
      return
    }
    const path = `/policy/versions/${draft.version}/submit`
    props.onSubmitted(await endpoint.send<PolicyVersionView>('POST', path, {}))
  })

  const shown = what === 'policy' ? policy : cases
  const showLine = (line: number) => {
    setView('document')
    // The text is not on screen before the next paint.
    requestAnimationFrame(() => text.current?.goToLine(line))
  }
  const goTo = (fault: Fault, where: What) => {
    setWhat(where)
    const edited = where === 'policy' ? policy : cases
    if (view === 'document' || fault.rule === 'unknown_key' || fault.rule === 'twice') {
      const key = fault.rule === 'unknown_key' ? [fault.path, fault.key] : [fault.path]
      showLine(lineOf(edited, key.filter((part) => part !== '').join('.')))
      return
    }
    if (where === 'policy') setSection(sectionOf(fault.path))
    requestAnimationFrame(() => focusOn(area.current, fault.path))
  }
  return (
    <>
      <Title ref={title} tabIndex={-1}>
        {version === null
          ? t('policy.new_version')
          : t('policy.draft_version', { version: version.version })}
      </Title>
      <Bar>
        <ChoiceChips
          legend={t('policy.show')}
          name="policy-what"
          value={what}
          options={WHATS.map((value) => ({ value, label: t(`policy.what.${value}`) }))}
          onChange={(value) => setWhat(WHATS.find((one) => one === value) ?? 'policy')}
        />
        <ChoiceChips
          legend={t('policy.as')}
          name="policy-view"
          value={view}
          options={VIEWS.map((value) => ({ value, label: t(`policy.view.${value}`) }))}
          onChange={(value) => setView(VIEWS.find((one) => one === value) ?? 'form')}
        />
      </Bar>
      <Panes>
        <div ref={area}>
          {view === 'document' && (
            <DocumentView
              key={what}
              ref={text}
              label={t(`policy.what.${what}`)}
              text={shown.text}
              faulty={faultyLines(shown)}
              onChange={shown.setText}
            />
          )}
          {view === 'form' && shown.value === null && (
            <Broken>
              <p>{t('policy.no_form')}</p>
              <Button size="small" onClick={() => showLine(shown.brokenAt?.line ?? 1)}>
                {t('policy.show_line')}
              </Button>
            </Broken>
          )}
          {view === 'form' && what === 'policy' && policy.value !== null && (
            <PolicyForm
              node={POLICY_FORM}
              form={{
                document: policy.value,
                base: active === null ? null : jsonOf(active.document),
                faults: policy.faults,
                directory: facts,
                set: policy.set,
                remove: policy.remove,
              }}
              section={section}
              onSection={setSection}
            />
          )}
          {view === 'form' && what === 'cases' && cases.value !== null && (
            <CasesForm
              document={cases}
              policy={policy.value}
              facts={facts}
              results={review?.reviewed.cases ?? []}
            />
          )}
        </div>
        <Beside>
          {WHATS.map((name) => {
            const edited = name === 'policy' ? policy : cases
            return (
              <FaultList
                key={name}
                title={t(`policy.faults_in.${name}`, { count: countOf(edited) })}
                brokenAt={edited.brokenAt}
                faults={edited.faults}
                onPick={(fault) => goTo(fault, name)}
                onShowLine={(line) => {
                  setWhat(name)
                  showLine(line)
                }}
              />
            )
          })}
          {review === null ? (
            <SubtleText>{t('policy.review_later')}</SubtleText>
          ) : (
            <>
              {props.renderReview(review.reviewed, [policy.value, active?.document])}
              {review.check.status === 'processing' && (
                <SubtleText as="output">{t('policy.checking')}</SubtleText>
              )}
              {review.check.status === 'error' && (
                <div>
                  <ErrorSentence error={review.check.error} />
                  <SubtleText>{t('policy.check_failed')}</SubtleText>
                </div>
              )}
            </>
          )}
        </Beside>
      </Panes>
      <DraftActions
        comment={comment}
        onComment={setComment}
        isUnsaved={isUnsaved}
        isReadable={policy.value !== null && cases.value !== null}
        isStorable={stored !== null}
        isOutdated={active !== null && basedOn !== active.version}
        review={review}
        attempt={attempt}
        onSave={() => void act('save')}
        onSubmit={() => void act('submit')}
      />
      <LiveRegion text={message} />
    </>
  )
}

/** What a draft begins with, as texts. */
function textsOf(version: PolicyVersionView | null, template: PolicyVersionView | null) {
  const start = version ?? template
  return {
    policy: formatJson(jsonOf(start?.document ?? {})),
    cases: formatJson({ cases: jsonOf(start?.cases ?? []) }),
    comment: version?.comment ?? '',
  }
}

const countOf = ({ brokenAt, faults }: EditedDocument) => (brokenAt === null ? faults.length : 1)

function faultyLines(edited: EditedDocument): ReadonlySet<number> {
  if (edited.brokenAt !== null) return new Set([edited.brokenAt.line])
  return new Set(edited.faults.map(({ path }) => lineOf(edited, path)))
}

/** Moves the focus to the control of a part, or of the nearest part around it; folded ones unfold. */
function focusOn(area: HTMLElement | null, path: string): void {
  const parts = [...(area?.querySelectorAll<HTMLElement>('[data-path]') ?? [])]
  for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const part = parts.find(({ dataset }) => dataset['path'] === at)
    const control = part?.querySelector<HTMLElement>('input, select, textarea, button')
    if (control === undefined || control === null) continue
    if (control.getAttribute('aria-expanded') === 'false') {
      control.click()
      requestAnimationFrame(() => focusOn(area, path))
      return
    }
    control.focus()
    return
  }
}

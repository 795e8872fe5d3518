/**
 * Writes an internal note that only some may read. The text goes to the endpoint and into the vault;
 * what is not saved yet is the caller's to keep.
 */
import type { FormEvent, KeyboardEvent } from 'react'
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Field, Textarea } from '@zendeskgarden/react-forms'
import type { ProtectedFieldList } from '../../../contract/protected-fields.ts'
import type { WrittenNote } from '../../../contract/restricted-notes.ts'
import { ScrimError } from '../../../core/errors.ts'
import type { SensitivityClass } from '../../../core/protected-field.ts'
import { ChoiceChips } from '../../shared/ChoiceChips.tsx'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { FormButtons, FormPanel } from '../../shared/form-surface.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'
import { VALUE_INPUT } from '../../shared/value-input.ts'
import type { NoteDraft } from './note-draft.ts'

/** From there on the room that is left is said. */
const FEW_LEFT = 500

type NoteClass = ProtectedFieldList['noteClasses'][number]

export type RestrictedNoteFormProps = {
  ticketId: number
  /** The classes that this person may write in. */
  classes: readonly NoteClass[]
  draft: NoteDraft | null
  onDraft: (draft: NoteDraft) => void
  /** Resolves when the note is on screen; the form stays until then. */
  onWritten: (note: WrittenNote) => Promise<void>
  onClose: () => void
}

export function RestrictedNoteForm(props: RestrictedNoteFormProps) {
  const { classes, draft, onDraft, onWritten, onClose } = props
  const { endpoint, newId } = useEndpoint()
  const { t } = useTranslation()
  const sentenceOf = useClassSentence()
  const [wasTried, setWasTried] = useState(false)
  const [saving, save, clearSaving] = useAttempt(async (note: NoteDraft) => {
    const path = `/tickets/${props.ticketId}/restricted-notes`
    await onWritten(await endpoint.send<WrittenNote>('POST', path, note))
  })
  const text = draft?.text ?? ''
  const sensitivityClass = draft?.sensitivityClass ?? usualClass(classes)
  const chosen = classes.find((each) => each.sensitivityClass === sensitivityClass)
  const left = VALUE_INPUT.maxLength - text.length
  const refusal = saving.status === 'error' ? saving.error : null
  const isTextRefused = refusal instanceof ScrimError && refusal.code === 'value_invalid'
  const isEmpty = text.trim() === ''
  const fault =
    left < 0
      ? t('restricted_note.too_long', { count: -left })
      : (wasTried && isEmpty) || isTextRefused
        ? t('restricted_note.empty')
        : null

  const change = (next: Partial<Pick<NoteDraft, 'text' | 'sensitivityClass'>>) => {
    onDraft({ text, sensitivityClass, ...next, attemptId: newId() })
    if (saving.status === 'error') clearSaving()
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setWasTried(true)
    if (draft === null || isEmpty || left < 0 || saving.status === 'processing') return
    void save({ ...draft, sensitivityClass })
  }
  const onFormKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    }
    const isModified = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && isModified && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
  }
  return (
    <FormPanel
      onSubmit={submit}
      onKeyDown={onFormKey}
      aria-label={t('restricted_note.title')}
      noValidate
    >
      <Field>
        <Field.Label>{t('restricted_note.text')}</Field.Label>
        <Textarea
          isCompact
          minRows={4}
          maxRows={12}
          dir="auto"
          {...VALUE_INPUT}
          // What is pasted is cut nowhere: the writer does that.
          maxLength={undefined}
          value={text}
          validation={fault === null ? undefined : 'error'}
          // The form opens by the person's own act, and the keyboard continues there.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => change({ text: event.target.value })}
        />
        {fault !== null && (
          <Field.Message validation="error" validationLabel={t('states.error')}>
            {fault}
          </Field.Message>
        )}
        {fault === null && left <= FEW_LEFT && (
          <Field.Message>{t('restricted_note.left', { count: left })}</Field.Message>
        )}
      </Field>
      <ChoiceChips
        legend={t('restricted_note.who')}
        name="note-class"
        options={classes.map((each) => ({
          value: each.sensitivityClass,
          label: t(`sidebar.class.${each.sensitivityClass}`),
        }))}
        value={sensitivityClass}
        onChange={(value) => change({ sensitivityClass: value as SensitivityClass })}
      />
      <SubtleText aria-live="polite">{chosen !== undefined && sentenceOf(chosen)}</SubtleText>
      <SubtleText>{t('restricted_note.consequence')}</SubtleText>
      {refusal !== null && !isTextRefused && <ErrorSentence error={refusal} />}
      <FormButtons>
        <Button
          size="small"
          isPrimary
          type="submit"
          title={t('restricted_note.keys')}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          disabled={saving.status === 'processing'}
        >
          {saving.status === 'processing' ? t('restricted_note.saving') : t('restricted_note.save')}
        </Button>
        <Button size="small" isBasic onClick={onClose}>
          {t('states.close')}
        </Button>
      </FormButtons>
    </FormPanel>
  )
}

/** `restricted`, as for values that are found, or the most sensitive of what there is. */
function usualClass(classes: readonly NoteClass[]): SensitivityClass {
  const names = classes.map((each) => each.sensitivityClass)
  return names.includes('restricted') ? 'restricted' : (names.at(-1) ?? 'restricted')
}

/** What a class means for a note, in words: who reads it, after whose decision, for how long. */
function useClassSentence(): (noteClass: NoteClass) => string {
  const { t, list, duration, locale } = useTranslation()
  return ({ askers, readers, approvers, displaySeconds }) => {
    const named = (roles: NoteClass['askers']) =>
      list(roles.map((role) => t(`restricted_note.role.${role}`))).replace(/^./u, (first) =>
        first.toLocaleUpperCase(locale),
      )
    const sentences = [t('restricted_note.shown', { time: duration(displaySeconds) })]
    if (readers.length > 0) {
      sentences.unshift(t('restricted_note.readers', { readers: named(readers) }))
    }
    if (askers.length > 0) {
      const who = { askers: named(askers), approvers: named(approvers) }
      sentences.unshift(t('restricted_note.askers', who))
    }
    return sentences.join(' ')
  }
}

/** What an approval would show the requester, field by field, and which of it to approve. */
import { Checkbox, Field } from '@zendeskgarden/react-forms'
import { styled } from 'styled-components'
import type { FieldRef } from '../../../contract/primitives.ts'
import type { QueuedRevealRequest } from '../../../contract/reveal-requests.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const Group = styled.fieldset`
  margin: 0;
  border: 0;
  padding: 0;
  min-width: 0;
  legend {
    padding: 0;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
`

export function ShownFields(props: {
  entry: QueuedRevealRequest
  /** Null where there is nothing to choose. */
  chosen: readonly string[] | null
  onChoose: (fieldIds: string[]) => void
}) {
  const { request, context } = props.entry
  const { chosen, onChoose } = props
  const { t, fieldLabel, duration } = useTranslation()
  const lineOf = (field: FieldRef) => {
    const shown = context.shown.find(({ fieldId }) => fieldId === field.fieldId)
    const words = {
      field: fieldLabel(field),
      seconds: duration(shown?.displaySeconds ?? context.displaySeconds),
    }
    const key = shown?.isDocument === true ? 'decide.shown_document' : 'decide.shown_field'
    return `${t(key, words)} · ${t(`sidebar.class.${field.sensitivityClass}`)}`
  }
  return (
    <Group>
      <legend>{chosen === null ? t('decide.shown') : t('decide.which_fields')}</legend>
      {chosen === null ? (
        <ul>
          {request.fields.map((field) => (
            <li key={field.fieldId}>{lineOf(field)}</li>
          ))}
        </ul>
      ) : (
        request.fields.map((field) => (
          <Field key={field.fieldId}>
            <Checkbox
              isCompact
              checked={chosen.includes(field.fieldId)}
              onChange={(event) =>
                onChoose(
                  event.target.checked
                    ? [...chosen, field.fieldId]
                    : chosen.filter((id) => id !== field.fieldId),
                )
              }
            >
              <Field.Label isRegular>{lineOf(field)}</Field.Label>
            </Checkbox>
          </Field>
        ))
      )}
      <SubtleText>
        {[
          t(context.isCopyAllowed ? 'decide.shown_copy' : 'decide.shown_no_copy'),
          context.isDownloadAllowed &&
            context.shown.some(({ isDocument }) => isDocument) &&
            t('decide.shown_download'),
          t('decide.shown_unseen'),
        ]
          .filter(Boolean)
          .join(' ')}
      </SubtleText>
    </Group>
  )
}

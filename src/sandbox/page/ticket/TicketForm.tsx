/** The left column: requester, assignee, tags, priority and the account's own ticket fields. */
import { Field, Input, Select, Textarea } from '@zendeskgarden/react-forms'
import { getColor } from '@zendeskgarden/react-theming'
import { Tag } from '@zendeskgarden/react-tags'
import type { ReactNode } from 'react'
import { styled } from 'styled-components'
import { PersonAvatar } from '../chrome/PersonAvatar.tsx'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { TicketFieldRecord, TicketRecord } from '../records.ts'
import { EMPTY_DRAFT } from '../store.ts'
import { customFieldText, withDraft } from '../ticket-draft.ts'

const NO_LOOKS = {}
const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const

const Column = styled.aside`
  overflow-y: auto;
  padding: 16px;
  background: ${({ theme }) => getColor({ theme, variable: 'background.subtle' })};
`
const Stack = styled.div`
  display: grid;
  gap: 14px;
`
const Person = styled.div`
  display: flex;
  align-items: center;
  gap: 8px;
  min-block-size: 32px;
  margin-block-start: 4px;
`
const Tags = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  min-block-size: 32px;
  margin-block-start: 4px;
  padding: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: 4px;
  background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
`
const FieldLabel = styled(Field.Label)`
  font-size: 13px;
`

function FormRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Field>
      <FieldLabel>{label}</FieldLabel>
      {children}
    </Field>
  )
}

function AssigneeSelect({ ticket }: { ticket: TicketRecord }) {
  const model = usePageModel()
  const staff = model.setup.users.filter((user) => user.role !== 'end-user')
  return (
    <FormRow label="Assignee">
      <Select
        isCompact
        value={`${ticket.group_id ?? ''}/${ticket.assignee_id ?? ''}`}
        onChange={(event) => {
          const [groupId, assigneeId] = event.target.value.split('/').map(Number)
          model.changeDraft(ticket.id, {
            group_id: groupId || null,
            assignee_id: assigneeId || null,
          })
        }}
      >
        {model.setup.groups.map((group) => (
          <optgroup key={group.id} label={group.name}>
            <option value={`${group.id}/`}>{group.name}</option>
            {staff
              .filter((user) => user.groups.some(({ id }) => id === group.id))
              .map((user) => (
                <option key={user.id} value={`${group.id}/${user.id}`}>
                  {group.name} / {user.name}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
    </FormRow>
  )
}

function CustomField({ ticket, field }: { ticket: TicketRecord; field: TicketFieldRecord }) {
  const model = usePageModel()
  const draft = usePageState((state) => state.drafts[ticket.id]) ?? EMPTY_DRAFT
  const look = usePageState(
    (state) => state.fieldLooks[ticket.id]?.[`custom_field_${field.id}`] ?? NO_LOOKS,
  ) as { isHidden?: boolean; isDisabled?: boolean }
  if (look.isHidden === true) return null
  const shared = {
    isCompact: true,
    disabled: look.isDisabled === true,
    value: customFieldText(ticket, draft, field.id),
    onChange: (event: { target: { value: string } }) =>
      model.changeDraft(ticket.id, {
        customFields: { ...draft.customFields, [field.id]: event.target.value },
      }),
  }
  return (
    <FormRow label={field.title}>
      {field.type === 'textarea' ? <Textarea {...shared} minRows={2} /> : <Input {...shared} />}
    </FormRow>
  )
}

export function TicketForm({ ticket: stored }: { ticket: TicketRecord }) {
  const model = usePageModel()
  const draft = usePageState((state) => state.drafts[stored.id]) ?? EMPTY_DRAFT
  const fields = usePageState((state) => state.ticketFields)
  const ticket = withDraft(stored, draft)
  const requester = model.user(ticket.requester_id)
  // Zendesk lists its own fields here, too; the form has places of their own for them.
  const ownFields = fields.filter((field) =>
    stored.custom_fields.some((value) => value.id === field.id),
  )
  return (
    <Column aria-label="Ticket fields">
      <Stack>
        <div>
          <FieldLabel as="span" style={{ fontWeight: 600 }}>
            Requester
          </FieldLabel>
          <Person>
            <PersonAvatar user={requester} size="extrasmall" /> {requester?.name}
          </Person>
        </div>
        <AssigneeSelect ticket={ticket} />
        <div>
          <FieldLabel as="span" style={{ fontWeight: 600 }}>
            Tags
          </FieldLabel>
          <Tags>
            {ticket.tags.map((tag) => (
              <Tag key={tag} size="small">
                {tag}
              </Tag>
            ))}
          </Tags>
        </div>
        <FormRow label="Priority">
          <Select
            isCompact
            value={ticket.priority ?? ''}
            onChange={(event) =>
              model.changeDraft(ticket.id, { priority: event.target.value || null })
            }
          >
            <option value="">–</option>
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {priority[0]?.toUpperCase()}
                {priority.slice(1)}
              </option>
            ))}
          </Select>
        </FormRow>
        {ownFields.map((field) => (
          <CustomField key={field.id} ticket={stored} field={field} />
        ))}
      </Stack>
    </Column>
  )
}

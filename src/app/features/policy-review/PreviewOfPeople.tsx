/** Who gains and who loses, field by field, and what becomes of open requests and active grants. */
import { Fragment } from 'react'
import { styled } from 'styled-components'
import type { PolicyPreview } from '../../../contract/policy.ts'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { hairline, subtleText, SubtleText } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const MOST_NAMED = 8

const Entries = styled.dl`
  margin: 0;
  > div {
    ${hairline}
    padding: ${({ theme }) => `${theme.space.xs} 0`};
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  > div:last-child {
    border-bottom: 0;
  }
  dt {
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  dd {
    margin: 0;
  }
  dd span {
    ${subtleText}
    line-height: 20px;
  }
`

type AccessChange = PolicyPreview['fields'][number]['gains'][number]

type FieldChange = PolicyPreview['fields'][number]

/** Fields for which the same people gain and lose the same stand together. */
function alike(fields: readonly FieldChange[]): [FieldChange, ...FieldChange[]][] {
  const groups = new Map<string, [FieldChange, ...FieldChange[]]>()
  for (const field of fields) {
    const { gains, loses, gainCount, loseCount } = field
    const key = JSON.stringify([gains, loses, gainCount, loseCount])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [field])
    else group.push(field)
  }
  return [...groups.values()]
}

export function PreviewOfPeople({ preview }: { preview: PolicyPreview }) {
  const { t, list, enumeration } = useTranslation()
  const { wordOf } = usePolicyWords()
  const { fields, roles, rolesCount, approvers, requests, grants } = preview
  const isEmpty = [fields, roles, approvers, requests, grants].every(({ length }) => length === 0)
  if (isEmpty) return <SubtleText>{t('policy.preview.none')}</SubtleText>

  const nameOf = ({ label, sensitivityClass }: FieldChange) =>
    label ?? t('policy.preview.found', { class: wordOf(sensitivityClass) })
  const inShort = (names: readonly string[], count: number) => {
    const more = count - Math.min(names.length, MOST_NAMED)
    const shown = names.slice(0, MOST_NAMED)
    return list(more > 0 ? [...shown, t('policy.preview.more', { count: more })] : shown)
  }
  /** People with the same before and after are one line. */
  const groups = (changes: readonly AccessChange[]) => {
    const kinds = [...new Set(changes.map(({ before, after }) => `${before} ${after}`))]
    return kinds.map((kind) => {
      const own = changes.filter(({ before, after }) => `${before} ${after}` === kind)
      return { kind, before: own[0]?.before ?? 'none', after: own[0]?.after ?? 'none', own }
    })
  }
  const accessLine = (name: 'gain' | 'lose', changes: readonly AccessChange[], count: number) =>
    groups(changes).map(({ kind, before, after, own }, at) => (
      <dd key={`${name} ${kind}`}>
        {t(`policy.preview.${name}`, {
          count: at === 0 ? count - (changes.length - own.length) : own.length,
          names: inShort(
            own.map(({ person }) => person.name),
            own.length,
          ),
        })}{' '}
        <span>{t('policy.change.from_to', { from: wordOf(before), to: wordOf(after) })}</span>
      </dd>
    ))

  return (
    <Entries>
      {alike(fields).map(([field, ...others]) => (
        <div key={field.fieldId ?? field.sensitivityClass}>
          <dt>{enumeration([field, ...others].map(nameOf))}</dt>
          {accessLine('lose', field.loses, field.loseCount)}
          {accessLine('gain', field.gains, field.gainCount)}
        </div>
      ))}
      {roles.length > 0 && (
        <div>
          <dt>{t('policy.preview.roles')}</dt>
          {roles.slice(0, MOST_NAMED).map(({ person, gains, loses }) => (
            <dd key={person.id}>
              {person.name}{' '}
              <span>
                {enumeration([
                  ...gains.map((role) => t('policy.preview.role_gained', { role: wordOf(role) })),
                  ...loses.map((role) => t('policy.preview.role_lost', { role: wordOf(role) })),
                ])}
              </span>
            </dd>
          ))}
          {rolesCount > MOST_NAMED && (
            <dd>
              <span>{t('policy.preview.more', { count: rolesCount - MOST_NAMED })}</span>
            </dd>
          )}
        </div>
      )}
      {approvers.map(({ sensitivityClass, gains, loses }) => (
        <div key={sensitivityClass}>
          <dt>{t('policy.preview.approvers', { class: wordOf(sensitivityClass) })}</dt>
          {loses.length > 0 && (
            <dd>
              {t('policy.preview.approve_less', {
                count: loses.length,
                names: inShort(
                  loses.map(({ name }) => name),
                  loses.length,
                ),
              })}
            </dd>
          )}
          {gains.length > 0 && (
            <dd>
              {t('policy.preview.approve_more', {
                count: gains.length,
                names: inShort(
                  gains.map(({ name }) => name),
                  gains.length,
                ),
              })}
            </dd>
          )}
        </div>
      ))}
      {grants.length > 0 && (
        <div>
          <dt>{t('policy.preview.grants')}</dt>
          <dd>
            {grants.slice(0, MOST_NAMED).map(({ grantId, ticketId, requester }, at) => (
              <Fragment key={grantId}>
                {at > 0 && ', '}
                {requester.name} <TicketLink ticketId={ticketId} />
              </Fragment>
            ))}
          </dd>
        </div>
      )}
      {(['ends', 'changes'] as const).map((effect) => {
        const own = requests.filter((request) => request.effect === effect)
        return (
          own.length > 0 && (
            <div key={effect}>
              <dt>{t(`policy.preview.requests_${effect}`)}</dt>
              <dd>
                {own.slice(0, MOST_NAMED).map(({ requestId, ticketId, requester }, at) => (
                  <Fragment key={requestId}>
                    {at > 0 && ', '}
                    {requester.name} <TicketLink ticketId={ticketId} />
                  </Fragment>
                ))}
              </dd>
            </div>
          )
        )
      })}
    </Entries>
  )
}

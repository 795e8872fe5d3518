/** One person: their roles and groups, and for each field what they may do and which rule says so. */
import { styled } from 'styled-components'
import type { PersonAccess as Answer } from '../../../contract/reports.ts'
import type { SensitivityClass } from '../../../core/protected-field.ts'
import { Heading } from '../../shared/headings.ts'
import { ListFault } from '../../shared/ListFault.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import type { Translation } from '../../shared/translation.ts'
import { useFetched } from '../../shared/useFetched.ts'
import { levelWords, roleNames } from '../../shared/why-words.ts'
import { AccessTable, FieldHead } from './AccessTable.tsx'

const About = styled.div`
  margin-bottom: ${({ theme }) => theme.space.sm};
`

export function PersonAccess(props: { personId: string; sensitivityClass: SensitivityClass | '' }) {
  const translation = useTranslation()
  const { t, enumeration } = translation
  const [answer, reload] = useFetched<Answer>(`/reports/access/people/${props.personId}`)
  if (answer.status === 'error') return <ListFault error={answer.error} reload={reload} />
  if (answer.status === 'processing') return <SkeletonRows count={4} />
  const { person, roles, waitingRoles, groups, fields } = answer.data
  const shown = fields.filter(
    (field) => props.sensitivityClass === '' || field.sensitivityClass === props.sensitivityClass,
  )
  return (
    <>
      <About>
        <Heading>{person.name}</Heading>
        <SubtleText>
          {roles.length === 0
            ? t('access.no_roles')
            : t('access.person_roles', { roles: roleNames(roles, translation) })}
        </SubtleText>
        {waitingRoles.length > 0 && (
          <SubtleText>
            {t('access.person_waiting', { roles: roleNames(waitingRoles, translation) })}
          </SubtleText>
        )}
        {groups.length > 0 && (
          <SubtleText>{t('access.person_groups', { groups: enumeration(groups) })}</SubtleText>
        )}
      </About>
      <AccessTable>
        <thead>
          <tr>
            <th scope="col">{t('access.field')}</th>
            <th scope="col">{t('access.may')}</th>
            <th scope="col">{t('access.because')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((field) => (
            <tr key={field.fieldId ?? field.sensitivityClass}>
              <FieldHead field={field} />
              <td data-head={t('access.may')}>{t(`access.level.${field.access}`)}</td>
              <td data-head={t('access.because')}>{becauseOf(field, translation)}</td>
            </tr>
          ))}
        </tbody>
      </AccessTable>
    </>
  )
}

function becauseOf(field: Answer['fields'][number], translation: Translation): string {
  const { t, instant } = translation
  const { rule, exception, label } = field.why
  const words = {
    levels: levelWords(field.levels, translation),
    rule: label ?? '',
    name: exception?.owner.name ?? '',
    time: exception === undefined ? '' : instant(exception.expiresAt),
  }
  const sentences = [
    t(`access.rule.${rule}`, words),
    ...(exception !== undefined && rule !== 'exception' ? [t('access.rule.exception', words)] : []),
    ...(label !== undefined && rule !== 'rule' ? [t('access.maybe_rule', words)] : []),
  ]
  return sentences.join(' ')
}

/** Role by field: what each role may do now, who approves it, and who has an exception. */
import type { AccessReport } from '../../../contract/reports.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { levelWords } from '../../shared/why-words.ts'
import { AccessTable, FieldHead, Subtle } from './AccessTable.tsx'

type Row = AccessReport['fields'][number]

export function RoleTable(props: { roles: AccessReport['roles']; fields: AccessReport['fields'] }) {
  const { roles, fields } = props
  const translation = useTranslation()
  const { t, duration } = translation
  return (
    <AccessTable>
      <thead>
        <tr>
          <th scope="col">{t('access.field')}</th>
          {roles.map((each) => (
            <th key={each.role} scope="col">
              <RoleName of={each} />
            </th>
          ))}
          <th scope="col">{t('access.approval')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.fieldId ?? field.sensitivityClass}>
            <FieldHead field={field} />
            {field.cells.map((cell) => (
              <td key={cell.role} data-head={t(`role.${cell.role}`)}>
                <Cell cell={cell} />
              </td>
            ))}
            <td data-head={t('access.approval')}>
              <div>
                <p>{levelWords(field.levels, translation)}</p>
                <Subtle>
                  {field.levels
                    .map(({ people }) => t('access.could_stand', { count: people }))
                    .join(' · ')}
                </Subtle>
                <Subtle>{t('access.shown', { time: duration(field.displaySeconds) })}</Subtle>
                <Exceptions of={field} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </AccessTable>
  )
}

function RoleName({ of }: { of: AccessReport['roles'][number] }) {
  const { t, locale } = useTranslation()
  return (
    <>
      {t(`role.${of.role}`).replace(/^./u, (first) => first.toLocaleUpperCase(locale))}
      <Subtle>
        {t('access.people', { count: of.people })}
        {of.waiting > 0 && `, ${t('access.waiting', { count: of.waiting })}`}
      </Subtle>
    </>
  )
}

function Cell({ cell }: { cell: Row['cells'][number] }) {
  const { t, list } = useTranslation()
  const isStopped = cell.rule === 'pause' || cell.rule === 'breaker'
  return (
    <div>
      {t(`access.level.${cell.access}`)}
      {isStopped && <Subtle>{t(`access.rule.${cell.rule as 'pause' | 'breaker'}`)}</Subtle>}
      {cell.automatic.length > 0 && (
        <Subtle>{t('access.automatic', { rules: list(cell.automatic) })}</Subtle>
      )}
    </div>
  )
}

function Exceptions({ of: { exceptions } }: { of: Row }) {
  const { t, instant } = useTranslation()
  if (exceptions.length === 0) return null
  return (
    <ul>
      {exceptions.map(({ holder, effect, expiresAt }) => (
        <li key={`${holder.id}:${expiresAt}`}>
          <Subtle>
            {t('access.exception', {
              name: holder.name,
              what: t(`access.level.${effect}`),
              time: instant(expiresAt),
            })}
          </Subtle>
        </li>
      ))}
    </ul>
  )
}

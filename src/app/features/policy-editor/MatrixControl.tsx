/** Who sees what: roles in rows, classes in columns, and a choice where they meet. */
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { usePolicyWords } from '../../shared/policy-words.ts'
import { subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { ChoiceControl } from './ChoiceControl.tsx'
import type { FormNode } from './form-node.ts'
import type { Path } from './json.ts'

const Table = styled.table`
  border-collapse: collapse;
  width: 100%;
  table-layout: fixed;
  th,
  td {
    padding: ${({ theme }) => theme.space.xxs};
    line-height: 20px;
    text-align: start;
    vertical-align: middle;
  }
  th {
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    overflow-wrap: anywhere;
  }
  thead th {
    ${subtleText}
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  th:first-child {
    padding-inline-start: 0;
  }
  /* A role by itself, each of its classes with the class before it. */
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    display: block;
    thead {
      display: none;
    }
    tbody,
    tr,
    th {
      display: block;
    }
    tr {
      padding-bottom: ${({ theme }) => theme.space.sm};
    }
    td {
      display: grid;
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
      gap: ${({ theme }) => theme.space.xs};
      align-items: center;
      padding: ${({ theme }) => theme.space.xxs} 0;
      &::before {
        ${subtleText}
        content: attr(data-column);
      }
    }
  }
`

export function MatrixControl(props: { node: Extract<FormNode, { kind: 'object' }>; path: Path }) {
  const { t } = useTranslation()
  const { wordOf } = usePolicyWords()
  const rows = Object.entries(props.node.parts)
  const columns = rows.flatMap(([, row]) => (row.kind === 'object' ? Object.keys(row.parts) : []))
  const classes = [...new Set(columns)]
  return (
    <Table>
      <thead>
        <tr>
          <th scope="col">{t('policy.matrix_role')}</th>
          {classes.map((name) => (
            <th key={name} scope="col">
              {wordOf(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([role, row]) => (
          <tr key={role}>
            <th scope="row">{wordOf(role)}</th>
            {row.kind === 'object' &&
              Object.entries(row.parts).map(([name, cell]) => (
                <td key={name} data-column={wordOf(name)}>
                  {cell.kind === 'choice' && (
                    <ChoiceControl
                      node={cell}
                      path={[...props.path, role, name]}
                      hasHiddenLabel
                      label={t('policy.matrix_cell', { role: wordOf(role), class: wordOf(name) })}
                    />
                  )}
                </td>
              ))}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

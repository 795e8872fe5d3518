/** Where a table is too narrow for columns, its rows become blocks of a grid; heads are only read out. */
import { css } from 'styled-components'
import { hairline } from './surface.ts'

export const stackedRows = css`
  &,
  tbody {
    display: block;
  }
  thead {
    position: absolute;
    clip-path: inset(50%);
  }
  tr {
    ${hairline}
    display: grid;
    padding: ${({ theme }) => `${theme.space.xs} 0`};
  }
`

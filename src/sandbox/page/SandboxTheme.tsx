/** Garden's theme in the chosen scheme, and the little that the whole document needs. */
import { DEFAULT_THEME, getColor, ThemeProvider } from '@zendeskgarden/react-theming'
import type { IGardenTheme } from '@zendeskgarden/react-theming'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import { createGlobalStyle } from 'styled-components'
import type { ColorScheme } from '../host/workspace.ts'

const DocumentStyle = createGlobalStyle`
  *, *::before, *::after { box-sizing: border-box; }
  html, body, #root { block-size: 100%; }
  html { color-scheme: ${({ theme }) => theme.colors.base}; }
  body {
    margin: 0;
    overflow: hidden;
    background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    font-family: ${({ theme }) => theme.fonts.system};
    font-size: ${({ theme }) => theme.fontSizes.md};
    line-height: ${({ theme }) => theme.lineHeights.md};
    -webkit-font-smoothing: antialiased;
  }
  h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
  ul { list-style: none; }
  a { color: inherit; text-decoration: none; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition: none !important; animation: none !important; }
  }
`

export function SandboxTheme({
  colorScheme,
  children,
}: {
  colorScheme: ColorScheme
  children: ReactNode
}) {
  const theme = useMemo<IGardenTheme>(
    () => ({ ...DEFAULT_THEME, colors: { ...DEFAULT_THEME.colors, base: colorScheme } }),
    [colorScheme],
  )
  return (
    <ThemeProvider theme={theme}>
      <DocumentStyle />
      {children}
    </ThemeProvider>
  )
}

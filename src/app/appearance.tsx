/** Garden's theme in the host's colour scheme and the language's direction, and the page beneath it. */
import { useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { DEFAULT_THEME, getColor, ThemeProvider } from '@zendeskgarden/react-theming'
import { createGlobalStyle } from 'styled-components'

export type ColorScheme = 'light' | 'dark'

/** The page's ground. Garden leaves the document to its host; this frame has nobody else. */
const Ground = createGlobalStyle`
  html {
    box-sizing: border-box;
    background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.default' })};
    color-scheme: ${({ theme }) => theme.colors.base};
    font-family: ${({ theme }) => theme.fonts.system};
    font-size: ${({ theme }) => theme.fontSizes.md};
    line-height: ${({ theme }) => theme.lineHeights.md};
    text-size-adjust: 100%;
  }
  *, *::before, *::after {
    box-sizing: inherit;
  }
  body {
    margin: 0;
  }
  button, input, select, textarea {
    font-family: inherit;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after {
      animation-duration: 1ms !important;
      transition-duration: 1ms !important;
    }
  }
`

export function Appearance(props: {
  colorScheme: ColorScheme
  locale: string
  direction: 'ltr' | 'rtl'
  children: ReactNode
}) {
  const { colorScheme, locale, direction } = props
  useEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = direction
  }, [locale, direction])
  const theme = useMemo(
    () => ({
      ...DEFAULT_THEME,
      rtl: direction === 'rtl',
      colors: { ...DEFAULT_THEME.colors, base: colorScheme },
    }),
    [colorScheme, direction],
  )
  return (
    <ThemeProvider theme={theme}>
      <Ground />
      {props.children}
    </ThemeProvider>
  )
}

/** What the host put into the frame's address for the first paint, before it can be asked. */
export function appearanceFromAddress(search: string): {
  colorScheme: ColorScheme
  locale: string
} {
  const parameters = new URLSearchParams(search)
  return {
    colorScheme: parameters.get('colorScheme') === 'dark' ? 'dark' : 'light',
    locale: parameters.get('locale') ?? navigator.language,
  }
}

export function useAppearanceState(search: string) {
  const [first] = useState(() => appearanceFromAddress(search))
  const [colorScheme, setColorScheme] = useState(first.colorScheme)
  const [locale, setLocale] = useState(first.locale)
  return { colorScheme, setColorScheme, locale, setLocale }
}

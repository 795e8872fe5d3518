/** Hands words to the app in the person's language, and shows nothing until the first are there. */
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { createTranslation, isLocaleReady, loadLocale, pickLocale } from './translation.ts'
import type { Translation } from './translation.ts'

const TranslationContext = createContext<Translation | null>(null)

export function TranslationProvider(props: {
  locale: string
  /** False where the bundled English of the first paint is enough to begin with. */
  needsAllWords: boolean
  children: ReactNode
}) {
  const file = pickLocale(props.locale)
  const [firstFile] = useState(file)
  const [triedFile, setTriedFile] = useState<string | null>(null)
  // After a change of language, what is on screen may use any of the words.
  const needsAllWords = props.needsAllWords || file !== firstFile
  const isReady = isLocaleReady(file, needsAllWords) || triedFile === file
  useEffect(() => {
    if (isReady) return undefined
    let isMounted = true
    void loadLocale(file).then(() => isMounted && setTriedFile(file))
    return () => {
      isMounted = false
    }
  }, [file, isReady])
  const translation = useMemo(() => createTranslation(props.locale), [props.locale])
  if (!isReady) return null
  return (
    <TranslationContext.Provider value={translation}>{props.children}</TranslationContext.Provider>
  )
}

/** Words, numbers and times. Throws outside the provider. */
export function useTranslation(): Translation {
  const translation = useContext(TranslationContext)
  if (translation === null) {
    throw new TypeError('useTranslation must be used within TranslationProvider')
  }
  return translation
}

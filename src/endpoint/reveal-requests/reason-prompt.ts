/** Which question a reason answers, in the words that its author read. */
import { REASON_PROMPT_VERSION } from '../../core/reason-prompt.ts'
import type { PromptLocale } from '../../core/reason-prompt.ts'
import { refuse } from '../../core/errors.ts'
import type { ScrimErrorCode, Verdict } from '../../core/errors.ts'
import { request as ar } from '../../../translations/ar.json'
import { request as de } from '../../../translations/de.json'
import { request as en } from '../../../translations/en.json'

const WORDS: Record<PromptLocale, string> = { en: en.text, de: de.text, ar: ar.text }

export type AskedPrompt = { version: number; locale: PromptLocale }

/** What the app asks now; whoever calls without it is taken to have been asked that, in English. */
export const CURRENT_PROMPT: AskedPrompt = { version: REASON_PROMPT_VERSION, locale: 'en' }

/** A page that is older or newer than this endpoint asked something that is not known here. */
export function checkPrompt({ version }: AskedPrompt): Verdict<ScrimErrorCode> {
  return version === REASON_PROMPT_VERSION ? { allowed: true } : refuse('bad_input')
}

/** The question as it was read. */
export function promptWords({ locale }: AskedPrompt): string {
  return WORDS[locale]
}

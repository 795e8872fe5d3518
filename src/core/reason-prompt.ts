/**
 * The question above the reason's text. What somebody answered means little without what they were asked,
 * so its version is kept with each request. Whoever changes the words (`request.text` in any language)
 * raises it.
 */
export const REASON_PROMPT_VERSION = 1

/** The languages that it is asked in. */
export const PROMPT_LOCALES = ['en', 'de', 'ar'] as const
export type PromptLocale = (typeof PROMPT_LOCALES)[number]

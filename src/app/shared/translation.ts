/**
 * Words and numbers for people. Every string is in `translations/`; numbers, dates, lists and plurals
 * come from Intl. English for the first paint is bundled, everything else is one lazy file a locale.
 */
import { sidebar, states } from '../../../translations/en.json'
import type en from '../../../translations/en.json'
import type { FieldRef } from '../../contract/primitives.ts'
import { firstName } from './people.ts'

type Tree = { readonly [key: string]: string | Tree }

/** Plural forms: `other`, and no key besides those of CLDR. A kind may be called `other`, too. */
type Plural<Node> = Node extends { other: string }
  ? keyof Node extends Intl.LDMLPluralRule
    ? true
    : false
  : false

/** Paths to a sentence: a string, or an object of plural forms. */
type Path<Node> = Node extends string
  ? never
  : {
      [Key in keyof Node & string]: Node[Key] extends string
        ? Key
        : Plural<Node[Key]> extends true
          ? Key
          : `${Key}.${Path<Node[Key]>}`
    }[keyof Node & string]

export type TranslationKey = Path<typeof en>
export type Values = Readonly<Record<string, string | number>>

// As text, which makes them modules of their own: the first paint then loads two nodes of English alone.
const FILES = import.meta.glob<string>('../../../translations/*.json', {
  query: '?raw',
  import: 'default',
})

const FIRST: Tree = { sidebar, states }

const loaded = new Map<string, Tree>([['en', FIRST]])
const loading = new Map<string, Promise<void>>()

function fileOf(locale: string): string {
  return `../../../translations/${locale}.json`
}

/** The locale whose file serves `wanted`: itself, its language, or English. */
export function pickLocale(wanted: string): string {
  const lower = wanted.toLowerCase()
  const candidates = [lower, languageOf(lower)]
  return candidates.find((locale) => fileOf(locale) in FILES) ?? 'en'
}

/** Loads a locale's whole file once. Resolves even when it cannot be had: English then stands in. */
export function loadLocale(locale: string): Promise<void> {
  const load = FILES[fileOf(locale)]
  if (load === undefined) return Promise.resolve()
  const started =
    loading.get(locale) ??
    load().then(
      (text) => {
        // The files are ours, and a test holds every one to the keys of English.
        loaded.set(locale, JSON.parse(text) as Tree)
        return undefined
      },
      () => {
        loading.delete(locale)
        return undefined
      },
    )
  loading.set(locale, started)
  return started
}

/** Whether a locale has all its words, or else those of the sidebar's first paint. */
export function isLocaleReady(locale: string, needsAllWords: boolean): boolean {
  const tree = loaded.get(locale)
  return tree !== undefined && (!needsAllWords || tree !== FIRST)
}

const RTL_LANGUAGES = ['ar', 'fa', 'he', 'ur']

const languageOf = (locale: string) => locale.toLowerCase().split('-')[0] ?? ''

/** For Intl and `lang`: the person's own locale where their language has a file, else English. */
export function localeShown(wanted: string): string {
  const file = pickLocale(wanted)
  return languageOf(wanted) === languageOf(file) ? knownToIntl(wanted) : file
}

/** The direction of the words that stand on screen for `wanted`. */
export function directionOf(wanted: string): 'ltr' | 'rtl' {
  return RTL_LANGUAGES.includes(languageOf(pickLocale(wanted))) ? 'rtl' : 'ltr'
}

function find(tree: Tree | undefined, key: string): string | Tree | undefined {
  let node: string | Tree | undefined = tree
  for (const part of key.split('.')) {
    if (node === undefined || typeof node === 'string') return undefined
    node = node[part]
  }
  return node
}

export type Translation = {
  locale: string
  direction: 'ltr' | 'rtl'
  t: (key: TranslationKey, values?: Values) => string
  /** The same for keys that are put together at run time; undefined when there is none. */
  find: (key: string, values?: Values) => string | undefined
  /** What a field is called: by the catalogue, by what was found where in the ticket, or by its author. */
  fieldLabel: (
    field: Pick<FieldRef, 'label' | 'place' | 'written'> & { kind?: FieldRef['kind'] },
  ) => string
  number: (value: number) => string
  /** "Omar and Lena". */
  list: (items: readonly string[]) => string
  /** "frontline, Billing group". */
  enumeration: (items: readonly string[]) => string
  /** "3 min", "2 hr". */
  duration: (seconds: number) => string
  /** "0:24". */
  clock: (seconds: number) => string
  /** "3 min ago" under an hour, absolute with zone after. */
  when: (instant: string, ageSeconds: number) => string
  /** Absolute, with zone. */
  instant: (instant: string) => string
  /** The same to the second and with its year, as a log needs it. */
  exactly: (instant: string) => string
  /** Hours and minutes. */
  time: (instant: string) => string
}

/** An Intl constructor throws on a locale it cannot parse, and the host's word for it is unchecked. */
function knownToIntl(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** Made when first needed: the browser's first of a kind takes longer than all words of a first paint. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

export function createTranslation(wanted: string): Translation {
  const file = pickLocale(wanted)
  const locale = localeShown(wanted)
  const direction = directionOf(wanted)
  const plural = once(() => new Intl.PluralRules(file))
  const number = once(() => new Intl.NumberFormat(locale))
  // Names stay whole inside a sentence of the other direction (Unicode TR9, isolates).
  const isolate = (text: string) => (direction === 'rtl' ? `\u2068${text}\u2069` : text)

  function fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      return typeof value === 'number' ? number().format(value) : isolate(value ?? '')
    })
  }

  function findText(key: string, values: Values = {}): string | undefined {
    const node = find(loaded.get(file), key) ?? find(loaded.get('en'), key)
    if (node === undefined) return undefined
    if (typeof node === 'string') return fill(node, values)
    const form = node[plural().select(Number(values['count'] ?? 0))] ?? node['other']
    return typeof form === 'string' ? fill(form, values) : undefined
  }

  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)

  const absolute = (instant: string) =>
    new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
    }).format(new Date(instant))

  /** The day only where it is not the one on which this was asked, and likewise the year. */
  const moment = ({ at, ageSeconds }: { at: string; ageSeconds: number }) => {
    const then = new Date(at)
    const now = new Date(then.getTime() + ageSeconds * 1000)
    const isThisYear = then.getFullYear() === now.getFullYear()
    return new Intl.DateTimeFormat(locale, {
      ...(isThisYear ? {} : { year: 'numeric' }),
      ...(then.toDateString() === now.toDateString() ? {} : { month: 'short', day: 'numeric' }),
      hour: 'numeric',
      minute: '2-digit',
    }).format(then)
  }

  return {
    locale,
    direction,
    t: (key, values) => findText(key, values) ?? key,
    find: findText,
    fieldLabel: ({ label, place, kind, written }) => {
      if (place === undefined) return label
      if (written !== undefined) {
        const words = { name: firstName(written.by), time: moment(written) }
        return findText('sidebar.place.note_by', words) ?? label
      }
      const known = kind === undefined ? undefined : findText(`kinds.${kind}`)
      const what = known ?? findText('sidebar.place.value') ?? ''
      const ordinal = 'number' in place ? place.number : 1
      const text = findText(`sidebar.place.${place.in}`, { kind: what, number: ordinal }) ?? label
      // Kinds are words for the middle of a sentence; this stands by itself.
      return text.replace(/^./u, (first) => first.toLocaleUpperCase(locale))
    },
    number: (value) => number().format(value),
    list: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
    enumeration: (items) =>
      new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(items),
    duration: (seconds) => {
      if (seconds < 60) return unit(seconds, 'second')
      if (seconds < 3600) return unit(Math.floor(seconds / 60), 'minute')
      return unit(Math.floor(seconds / 3600), 'hour')
    },
    clock: (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
    when: (instant, ageSeconds) => {
      if (ageSeconds >= 3600) return absolute(instant)
      return ageSeconds < 60
        ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second')
        : (findText('states.ago', { time: unit(Math.floor(ageSeconds / 60), 'minute') }) ?? '')
    },
    instant: absolute,
    exactly: (instant) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }).format(
        new Date(instant),
      ),
    time: (instant) =>
      new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(
        new Date(instant),
      ),
  }
}

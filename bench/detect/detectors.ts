/** Scrim's detector and npm packages that do the same, each behind the same two questions. */
import { readFileSync } from 'node:fs'
import { redact } from '@arcjet/redact'
import { Redactor } from '@redactpii/node'
import { OpenRedaction } from 'openredaction'
import { SyncRedactor } from 'redact-pii'
import type { Finding } from '../../test/detect/score.ts'
import type { Detect } from './shipped-detector.ts'

export type Detector = {
  name: string
  /** What it finds, for the quality figures: set so that it looks for nothing Scrim does not look for. */
  find(text: string): Finding[] | Promise<Finding[]>
  /** What its README tells a user to call, for the speed figures. */
  run(text: string): unknown
}

const OPEN = '\uE000'
const CLOSE = '\uE001'

// What openredaction names and Scrim does not look for: not held against it.
const OUT_OF_SCOPE =
  /NAME|GAMERTAG|PSN_ID|PLAYER_ID|ORDER|TRACKING|PLATE|FLIGHT|PNR|BOOKING|RESERVATION|INVOICE|UUID|SKU|ISBN|CERT|PROMO|TICKET|^DATE$|^ZIP|^POSTCODE/

/** Scrim first. */
export function detectors(detect: Detect): Detector[] {
  return [scrim(detect), redactPii(), openRedaction(), redactPiiNode(), arcjet()]
}

function scrim(detect: Detect): Detector {
  return {
    name: 'Scrim',
    find: (text) =>
      detect(text).map(({ kind, start, end, why }) => ({ kind, start, end, rule: why.rule })),
    run: (text) => detect(text),
  }
}

function redactPii(): Detector {
  // A replacement may quote what it replaces: that is how places are had from a package that only
  // returns the text.
  const marking = new SyncRedactor({
    globalReplaceWith: `${OPEN}$&${CLOSE}`,
    builtInRedactors: {
      names: { enabled: false },
      username: { enabled: false },
      url: { enabled: false },
    },
  })
  const usual = new SyncRedactor()
  return {
    name: named('redact-pii'),
    find: (text) => markedPlaces(marking.redact(text)),
    run: (text) => usual.redact(text),
  }
}

function openRedaction(): Detector {
  const withoutNames = new OpenRedaction({ includeNames: false })
  const usual = new OpenRedaction()
  return {
    name: named('openredaction'),
    find: async (text) =>
      (await withoutNames.detect(text)).detections
        .filter(({ type }) => !OUT_OF_SCOPE.test(type))
        .map(({ position: [start, end], type }) => ({ start, end, rule: type })),
    run: (text) => usual.detect(text),
  }
}

function redactPiiNode(): Detector {
  const rules = { CREDIT_CARD: true, EMAIL: true, NAME: false, PHONE: true, SSN: true }
  const marking = new Redactor({ rules, globalReplaceWith: OPEN })
  const usual = new Redactor()
  return {
    name: named('@redactpii/node'),
    find: (text) => replacedPlaces(text, marking.redact(text)),
    run: (text) => usual.redact(text),
  }
}

function arcjet(): Detector {
  return {
    name: named('@arcjet/redact'),
    find: async (text) => {
      const findings: Finding[] = []
      let from = 0
      await redact(text, {
        replace: (entity, plain) => {
          const start = text.indexOf(plain, from)
          from = start + plain.length
          findings.push({ start, end: from, rule: entity })
          return undefined
        },
      })
      return findings
    },
    run: (text) => redact(text),
  }
}

function named(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return `${name} ${version}`
}

/** The outermost places between the marks, in the text without them. */
function markedPlaces(marked: string): Finding[] {
  const findings: Finding[] = []
  let depth = 0
  let at = 0
  let start = 0
  for (const char of marked.split('')) {
    if (char === OPEN && depth++ === 0) start = at
    else if (char === CLOSE && --depth === 0) findings.push({ start, end: at })
    if (char !== OPEN && char !== CLOSE) at++
  }
  return findings
}

/** Where `text` had something that `replaced` has a mark for: the shortest reading from the left. */
function replacedPlaces(text: string, replaced: string): Finding[] {
  const findings: Finding[] = []
  const [first = '', ...pieces] = replaced.split(OPEN)
  let at = first.length
  pieces.forEach((piece, index) => {
    const isLast = index === pieces.length - 1
    const end = isLast ? text.length - piece.length : text.indexOf(piece, at + 1)
    findings.push({ start: at, end })
    at = end + piece.length
  })
  return findings
}

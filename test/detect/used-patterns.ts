/** Which regular expressions run, literals and built ones, a library's included. */
import { parseAst } from 'vite'

export type Pattern = { pattern: string; flags: string }

/** The regular expressions written in a TypeScript source, with their lines. */
export function literalPatterns(source: string): (Pattern & { line: number })[] {
  const found: (Pattern & { line: number })[] = []
  visit(parseAst(source, { lang: 'ts' }))
  return found

  function visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return
    if ('regex' in node && isPattern(node.regex) && 'start' in node) {
      const line = source.slice(0, Number(node.start)).split('\n').length
      found.push({ line, pattern: node.regex.pattern, flags: node.regex.flags })
    }
    for (const child of Object.values(node)) visit(child)
  }
}

function isPattern(value: unknown): value is Pattern {
  return typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value
}

/** The regular expressions that ran during `work`. */
export function patternsUsedBy(work: () => void): Pattern[] {
  const used = new Map<string, Pattern>()
  watchPatterns(work, (regexp) => {
    used.set(String(regexp), { pattern: regexp.source, flags: regexp.flags })
  })
  return [...used.values()]
}

/** How often a regular expression was tried during `work`. */
export function patternRunsOf(work: () => void): number {
  let runs = 0
  watchPatterns(work, () => runs++)
  return runs
}

/** Every way to run one (`test`, `match`, `replace` …) asks for `exec` when that is not the built-in one. */
function watchPatterns(work: () => void, onRun: (regexp: RegExp) => void): void {
  const builtIn = Reflect.getOwnPropertyDescriptor(RegExp.prototype, 'exec')
  const exec: unknown = builtIn?.value
  if (builtIn === undefined || typeof exec !== 'function') throw new Error('no exec to watch')
  const watched = function (this: RegExp, text: string): unknown {
    onRun(this)
    return Reflect.apply(exec, this, [text])
  }
  Reflect.defineProperty(RegExp.prototype, 'exec', { ...builtIn, value: watched })
  try {
    work()
  } finally {
    Reflect.defineProperty(RegExp.prototype, 'exec', builtIn)
  }
}

/** How far a backfill is: a bar where somebody watches, else a line now and then. Numbers only. */
import cliProgress from 'cli-progress'
import type { BackfillProgress } from '../endpoint/backfill/state.ts'
import type { Terminal } from './command.ts'

export type ProgressView = {
  show(progress: BackfillProgress): void
  /** Leaves nothing of a bar behind. May be called again. */
  close(): void
}

const LINE_INTERVAL_MS = 30_000
/** A rate over less says nothing. */
const MIN_RATE_MS = 5_000

export function openProgress({
  screen,
  warn,
  now,
}: Pick<Terminal, 'screen' | 'warn' | 'now'>): ProgressView {
  const describe = createDescriber(now)
  return screen === null ? openLines(describe, warn, now) : openBar(describe, screen)
}

function openLines(
  describe: (progress: BackfillProgress) => string,
  warn: (line: string) => void,
  now: () => Date,
): ProgressView {
  let saidAt = now().getTime()
  return {
    show(progress) {
      const line = describe(progress)
      if (now().getTime() - saidAt < LINE_INTERVAL_MS) return
      saidAt = now().getTime()
      warn(line)
    },
    close() {},
  }
}

function openBar(
  describe: (progress: BackfillProgress) => string,
  screen: NodeJS.WriteStream,
): ProgressView {
  const bar = new cliProgress.SingleBar({
    stream: screen,
    // Without a total there is nothing to fill: words only.
    format: (options, { progress }, { text, isKnown }: { text: string; isKnown: boolean }) =>
      isKnown ? `${cliProgress.Format.BarFormat(progress, options)} ${text}` : text,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    fps: 4,
    hideCursor: true,
    clearOnComplete: true,
    // Whoever interrupts is answered by the command itself.
    gracefulExit: false,
  })
  let isOpen = false
  return {
    show(progress) {
      const { done, total } = progress
      const payload = { text: describe(progress), isKnown: total !== null }
      const most = Math.max(total ?? 0, done)
      if (!isOpen) bar.start(most, done, payload)
      isOpen = true
      bar.setTotal(most)
      bar.update(done, payload)
    },
    close() {
      if (isOpen) bar.stop()
      isOpen = false
    },
  }
}

/**
 * "1200 of about 10000 tickets, 58 a minute, 2 h 32 min left". The rate is this process's own, since it
 * was first asked.
 */
function createDescriber(now: () => Date): (progress: BackfillProgress) => string {
  let first: { done: number; at: number } | undefined
  return ({ phase, done, total, waiting }) => {
    if (phase === 'writes') return `${done} tickets, ${waiting} writes into Zendesk wait`
    const at = now().getTime()
    first ??= { done, at }
    const parts = [
      total === null ? `${done} tickets` : `${done} of about ${Math.max(total, done)} tickets`,
    ]
    const perMinute = ((done - first.done) * 60_000) / (at - first.at)
    if (at - first.at >= MIN_RATE_MS && perMinute > 0) {
      parts.push(`${Math.round(perMinute)} a minute`)
      if (total !== null && total > done) parts.push(`${timeLeft((total - done) / perMinute)} left`)
    }
    return parts.join(', ')
  }
}

function timeLeft(minutes: number): string {
  const whole = Math.ceil(minutes)
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`
}

/**
 * Finds a Chromium before browser tests begin and tells them where it is. Where there is none, CI
 * and root get one from the system's package manager; anybody else is told how.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { CHROMIUM_ADVICE, findChromium } from '../../src/sandbox/chromium.ts'

declare module 'vitest' {
  // Merging needs an interface.
  interface ProvidedContext {
    chromiumPath: string
  }
}

export type Machine = {
  isRoot: boolean
  isCi: boolean
  hasAptGet: boolean
}

/** The commands that bring Chromium to this machine; none where we may not. */
export function chromiumInstallation({ isRoot, isCi, hasAptGet }: Machine): string[][] {
  if (!hasAptGet || (!isRoot && !isCi)) return []
  const asRoot = isRoot ? [] : ['sudo', '--non-interactive']
  // Another installation on this machine is waited for, not fought.
  const aptGet = [...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=300']
  return [
    [...aptGet, 'update'],
    [...aptGet, 'install', '--yes', '--no-install-recommends', 'chromium'],
  ]
}

function installChromium(): void {
  const machine = {
    isRoot: process.getuid?.() === 0,
    isCi: (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false',
    hasAptGet: existsSync('/usr/bin/apt-get'),
  }
  for (const [command = '', ...args] of chromiumInstallation(machine)) {
    console.log(`No Chromium found. Running: ${[command, ...args].join(' ')}`)
    try {
      execFileSync(command, args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    } catch {
      throw new Error(CHROMIUM_ADVICE)
    }
  }
}

export function setup(project: TestProject): void {
  const named = process.env['SCRIM_CHROMIUM']
  if (findChromium(named) === null) installChromium()
  const path = findChromium(named)
  if (path === null) throw new Error(CHROMIUM_ADVICE)
  project.provide('chromiumPath', path)
}

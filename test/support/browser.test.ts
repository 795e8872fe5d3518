import { describe, expect, test } from 'vitest'
import { findChromium } from '../../src/sandbox/chromium.ts'
import { chromiumInstallation } from './browser.ts'

const none = () => false

describe('finding a browser', () => {
  test('the one named in SCRIM_CHROMIUM wins over what the system has', () => {
    expect(findChromium('/opt/chromium', () => true)).toBe('/opt/chromium')
  })

  test('a name without a file is an error, not a reason to take another browser', () => {
    expect(() => findChromium('/opt/chromium', none)).toThrow('SCRIM_CHROMIUM names no file.')
  })

  test.each([[undefined], ['']])('without a name (%j) the usual places are tried', (named) => {
    const chrome = '/usr/bin/google-chrome'
    expect(findChromium(named, (path) => path === chrome)).toBe(chrome)
    expect(findChromium(named, none)).toBeNull()
  })
})

describe('a machine without a browser', () => {
  const update = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'update']

  test('gets one from apt as root', () => {
    const commands = chromiumInstallation({ isRoot: true, isCi: false, hasAptGet: true })
    expect(commands).toHaveLength(2)
    expect(commands[0]).toEqual(update)
    expect(commands[1]?.slice(-3)).toEqual(['--yes', '--no-install-recommends', 'chromium'])
  })

  test('gets one through sudo in CI, which may not ask for a password', () => {
    const commands = chromiumInstallation({ isRoot: false, isCi: true, hasAptGet: true })
    expect(commands[0]).toEqual(['sudo', '--non-interactive', ...update])
  })

  test.each([
    { isRoot: false, isCi: false, hasAptGet: true },
    { isRoot: true, isCi: true, hasAptGet: false },
  ])('is left alone when %o', (machine) => {
    expect(chromiumInstallation(machine)).toEqual([])
  })
})

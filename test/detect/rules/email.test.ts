import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'email')
    .map(({ start, end }) => text.slice(start, end))
}

describe('e-mail addresses', () => {
  // example.com and its like are kept for documentation (RFC 2606); the rest from RFC 5322 and RFC 6531.
  test.each([
    ['write to maya.rivera@example.com.', 'maya.rivera@example.com'],
    ['<tomas+billing@mail.billing.example.org>', 'tomas+billing@mail.billing.example.org'],
    ['"o\'brien@example.org", please', "o'brien@example.org"],
    ['e-mail:aisha_khan@museum.example', 'aisha_khan@museum.example'],
    ['mailto:x@example.com?subject=hi', 'x@example.com'],
    ['(lena@xn--bcher-kva.example)', 'lena@xn--bcher-kva.example'],
    ['ma\u200bya@example.com', 'ma\u200bya@example.com'],
    ['ｍａｙａ＠example．com', 'ｍａｙａ＠example．com'],
    ['jürgen@exämple.com', 'jürgen@exämple.com'],
    ['иван@пример.рф', 'иван@пример.рф'],
    ['a@b.test', 'a@b.test'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s holds one', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  test.each([
    ['a mention', 'thanks @maya and @tomas'],
    ['a host without a domain', 'log in as root@server-3'],
    ['a package with its version', 'npm i lodash@4.17.21'],
    ['a picture for dense screens', 'see logo@2x.png and icon@1.5x.jpg'],
    ['a git remote', 'git clone git@github.com:zendesk/app_scaffolds.git'],
    ['a mask', 'm•••@example.com'],
    ['nothing before the sign', 'write to @example.com'],
    ['nothing behind the sign', 'write to maya@'],
    ['two signs', 'maya@@example.com'],
    ['a dot before the sign', 'maya.@example.com'],
    ['a local part that is too long', `${'a'.repeat(65)}@example.com`],
    ['an address whose domain is an IP', 'ssh maya@192.0.2.1'],
  ])('%s is none', (_name, text) => {
    expect(found(text)).toEqual([])
  })
})

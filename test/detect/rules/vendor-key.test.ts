import { describe, expect, test } from 'vitest'
import type { VendorKey } from '../../../src/detect/rules/vendor-key.ts'
import { prefixOf, VENDOR_KEYS } from '../../../src/detect/rules/vendor-key.ts'
import { credentials } from './credential.ts'

const ALPHABETS: Readonly<Record<string, string>> = {
  d: '9182736450',
  h: '9f8e7d6c5b4a3210',
  x: '9F8e7D6c5B4a3210',
  l: '9q8w7e6r5t4y3u2i1o0p',
  u: 'Q9W8E7R6T5Y4U3I2O1P0',
  w: 'q9W8e7R6t5Y4u3I2o1P0',
  i: 'q9W8e7R6t5Y4u3I2o1P0',
  g: 'q9W8e7R6t5Y4u3I2o1P0',
  b: 'q9W8e7R6t5Y4u3I2o1P0',
  o: 'q9W8e7R6t5Y4u3I2o1P0',
  s: 'q9W8e7R6t5Y4u3I2o1P0',
  y: 'q9W8e7R6t5Y4u3I2o1P0',
  p: 'q7w6e5r4t3y2',
  q: 'q7w6e5r4t3y2',
}

function walk(kind: string, length: number): string {
  const alphabet = ALPHABETS[kind] ?? ''
  return Array.from({ length }, (_, at) => alphabet.charAt(at % alphabet.length)).join('')
}

/** A plainly invented key of a form: walks over the keyboard, as long as the form asks. */
function invented(form: string, end: 'least' | 'most' = 'least'): string {
  return form
    .replaceAll('{U}', '9f8e7d6c-5b4a-3210-9f8e-7d6c5b4a3210')
    .replaceAll('{=}', '')
    .replaceAll(/\{([a-z])(\d+)(?:-(\d+))?\}/g, (_, kind: string, least: string, most?: string) =>
      walk(kind, Number(end === 'least' ? least : (most ?? least))),
    )
}

/** Whether a shorter form of the same type of key has this length. */
function isFormOf(id: string, key: string): boolean {
  const forms = VENDOR_KEYS.find((vendor) => vendor.id === id)?.forms ?? []
  return forms.some(
    (form) =>
      key.startsWith(prefixOf(form)) &&
      key.length >= invented(form).length &&
      key.length <= invented(form, 'most').length,
  )
}

const FORMS = VENDOR_KEYS.flatMap(({ id, forms }: VendorKey) => forms.map((form) => ({ id, form })))

describe("vendors' keys", () => {
  test('at least 150 vendors and 170 types of key are known, each by one name', () => {
    const names = VENDOR_KEYS.map(({ id }) => id)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(170)
    expect(new Set(names.map((name) => name.split('_')[0])).size).toBeGreaterThanOrEqual(150)
  })

  test.each(FORMS)('a $id as $form is found whole, shortest and longest', ({ form }) => {
    for (const end of ['least', 'most'] as const) {
      const key = invented(form, end)
      expect(credentials(`My key is ${key}, please check`)).toEqual([key])
      expect(credentials(`curl -H "X-Key: ${key}"`)).toEqual([key])
      expect(credentials(key)).toEqual([key])
    }
  })

  test.each(FORMS)('what only begins as $id ($form), or goes on, is left alone', ({ id, form }) => {
    const key = invented(form)
    expect(credentials(prefixOf(form), { rule: id })).toEqual([])
    const short = key.slice(0, -1)
    expect(credentials(short, { rule: id }).includes(short) && !isFormOf(id, short)).toBe(false)
    expect(credentials(`x${key}`, { rule: id })).not.toContain(key)
    expect(credentials(`${key}Zq`, { rule: id })).not.toContain(key)
    expect(credentials(`${prefixOf(form)}${'!'.repeat(key.length)}`, { rule: id })).toEqual([])
  })

  test.each(FORMS)('an example filled with one character is no $id ($form)', ({ id, form }) => {
    const filler = invented(form).slice(prefixOf(form).length)
    for (const sign of ['x', 'X', '0', 'a']) {
      const key = prefixOf(form) + filler.replaceAll(/[0-9A-Za-z]/g, sign)
      expect(credentials(key, { rule: id })).toEqual([])
    }
  })

  test.each([
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    ['aws_access_key', ['AKIA', 'IOSFODNN7EXAMPLE']],
    // https://docs.stripe.com/keys
    ['stripe_key', ['sk_test_', '4eC39HqLyjWDarjtT1zdp7dc']],
    // https://docs.mollie.com/reference/authentication
    ['mollie_key', ['test_', 'dHar4XY7LxsDOtmnkVtjNVWXLSlXsM']],
    // https://developer.paddle.com/api-reference/about/api-keys
    ['paddle_key', ['pdl_live_apikey_', '01gtgztp8f4kek3yd4g1wrksa3_q6TGTJyvoIz7LDtXT65bX7_AQO']],
    // https://docs.svix.com/receiving/verifying-payloads/how
    ['webhook_signing_secret', ['whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
    // https://stytch.com/docs/api
    ['stytch_secret', ['secret-test-', '6-ma0PNENqjBVX6Dx2aPUIdhLFObauXx07c=']],
  ])('the documented example of %s is found', (rule, pieces) => {
    const key = pieces.join('')
    expect(credentials(`It says "${key}" in the settings.`, { rule })).toEqual([key])
  })

  test.each([
    'sk_live_xxxxxxxxxxxxxxxxxxxxxxxx',
    'sk_live_YOUR0STRIPE0SECRET0KEY0HERE',
    'Set OPENAI_API_KEY=sk-... and restart',
    'ghp_************************************',
    'pk_live_q9W8e7R6t5Y4u3I2o1P0q9W8',
    'The disk is called sk-hynix-platinum-p41-2tb-nvme',
    'Open the file test_report_2024_11_final_version_reviewed.docx',
    'pat-down-instructions-for-the-gate-4-and-gate-5-security-staff',
    'see https://api.example.com/live_update_of_the_dashboard_and_more_things',
    'commit 9f8e7d6c5b4a32109f8e7d6c5b4a32109f8e7d6c',
  ])('%j holds no key', (text) => {
    expect(credentials(text)).toEqual([])
  })
})

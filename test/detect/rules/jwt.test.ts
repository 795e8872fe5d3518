import { describe, expect, test } from 'vitest'
import { credentials } from './credential.ts'

// The example of https://jwt.io/introduction.
const JWT = [
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
  'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ',
  'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
].join('.')
// RFC 7515 appendix A.1, whose header holds a line break.
const RFC_7515 = [
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9',
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
  'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
].join('.')
// RFC 7519 section 6.1: no signature.
const UNSIGNED =
  'eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.'

describe('JSON Web Tokens', () => {
  test.each([JWT, RFC_7515, UNSIGNED])('a published example is found whole: %s', (token) => {
    expect(credentials(token)).toEqual([token])
    expect(credentials(`cookie: session=${token}; path=/`)).toEqual([token])
    expect(credentials(`https://example.com/cb#id_token=${token}&state=1`)).toEqual([token])
  })

  test('an encrypted one of five parts is found whole', () => {
    const part = 'q9W8e7R6t5Y4u3I2o1P0'
    const token = `eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.${part}.${part}.${part}.${part}`
    expect(credentials(`token ${token} expired`)).toEqual([token])
  })

  test('a header that is no JSON, or names no algorithm, makes it none', () => {
    const [, body = '', signature = ''] = JWT.split('.')
    expect(credentials(`eyJq9W8e7R6t5Y4u3I2o1P0.${body}.${signature}`)).toEqual([])
    expect(credentials(`${btoa('{"colour":"blue"}')}.${body}.${signature}`)).toEqual([])
  })

  test('its header alone is none', () => {
    expect(credentials(JWT.slice(0, 36))).toEqual([])
  })
})

describe('authorization headers', () => {
  test.each([
    // RFC 6750 section 2.1.
    ['Authorization: Bearer mF_9.B5f-4.1JqM5.4JzvA', 'mF_9.B5f-4.1JqM5.4JzvA'],
    ['-H "Authorization: Bearer q9W8e7R6t5Y4u3I2o1P0"', 'q9W8e7R6t5Y4u3I2o1P0'],
    ['authorization: bearer q9W8e7R6t5Y4u3I2o1P0, please check', 'q9W8e7R6t5Y4u3I2o1P0'],
    // RFC 7617 section 2.
    ['Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ])('in %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    'Authorization: Bearer <token>',
    'Authorization: Bearer YOUR_ACCESS_TOKEN_HERE_12345',
    'Bearer token authentication is not supported',
    'Basic authentication is off',
    'Basic information about 20240501',
    'the bearer of the passport',
  ])('%j holds none', (text) => {
    expect(credentials(text)).toEqual([])
  })
})

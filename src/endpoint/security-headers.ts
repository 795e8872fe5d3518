/** The headers of every answer. A framed page gets a wider policy than data, never a wide one. */
import type { AccountConfig } from './context.ts'

/** Features that no page of ours uses. Writing to the clipboard stays with the host's `allow`. */
const DENIED_FEATURES = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

/** What every answer carries unless its route says otherwise. */
export const BASE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': DENIED_FEATURES.map((feature) => `${feature}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
}

/**
 * A worker lives under the policy of its own answer, not of the page that begins it. Ours reads PDFs:
 * it fetches nothing and imports nothing, and of code it may only compile WebAssembly, which the page
 * hands to it.
 */
export const WORKER_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; script-src 'wasm-unsafe-eval'",
}

/**
 * The headers of a page that Zendesk frames. Scripts: our own origin and one exact address (with
 * `nosniff`, nothing but `/assets/` is a script there). Styles: this answer's nonce, which
 * styled-components reads from the page. Nobody but the account's own Zendesk may frame it.
 */
export function pageHeaders(account: AccountConfig, nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${account.sdkUrl}`,
    // Without a word of its own it would be whatever may be a script.
    "worker-src 'self'",
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${account.zendeskOrigin}`,
  ]
  return {
    'content-security-policy': policy.join('; '),
    // A host that isolates itself (COEP) may still frame the page.
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/**
 * The nonce that the page's content security policy asks of style elements. Imported before anything
 * that makes a style: styled-components looks for it once, at its first style.
 */
const nonce = document
  .querySelector('meta[name="csp-nonce"], meta[property="csp-nonce"]')
  ?.getAttribute('content')

if (nonce) Object.assign(window, { __webpack_nonce__: nonce })

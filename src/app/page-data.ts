/**
 * The data block of a served page: where the app stands and its session credential. Read once and
 * taken out of the document, so that the credential lives in memory only.
 */
import type { PageData } from '../contract/session.ts'

const NO_PAGE: PageData = {
  location: 'ticket_sidebar',
  session: null,
  refusal: 'page_credential_missing',
}

/** The page's data; a page without the block is a page without a session. */
export function takePageData(document: Document): PageData {
  const block = document.getElementById('scrim-page')
  if (block === null) return NO_PAGE
  const text = block.textContent ?? ''
  block.remove()
  try {
    // The endpoint writes this block from the contract's own schema.
    return JSON.parse(text) as PageData
  } catch {
    return NO_PAGE
  }
}

import Symbols from '../../../../assets/icon_nav_bar.svg?react'

/** The app's icon as Zendesk shows it: a symbol of the file that the package carries. */
export function ScrimIcon({ symbol = 'default' }: { symbol?: string }) {
  return (
    <>
      <Symbols width="0" height="0" style={{ position: 'absolute' }} aria-hidden="true" />
      <svg width="18" height="18" aria-hidden="true" focusable="false" data-symbol={symbol}>
        <use href={`#${symbol}`} />
      </svg>
    </>
  )
}

import Icon from '../../../../assets/icon_nav_bar.svg?react'

/** The app's icon as Zendesk shows it: the file that the package carries. */
export function ScrimIcon() {
  return <Icon width="18" height="18" aria-hidden="true" focusable="false" />
}

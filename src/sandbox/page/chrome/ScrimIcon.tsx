/** The app's icon as the rail and the sidebar show it: a curtain, lit from behind. */
export function ScrimIcon() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" fill="none" aria-hidden="true">
      <path d="M2 2.5h14" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      <path
        d="M3.5 2.5v12c0 .8.9 1 1.4.4l1-1.3c.4-.5 1-.5 1.4 0l1 1.3c.4.5 1 .5 1.4 0l1-1.3c.4-.5 1-.5 1.4 0l1 1.3c.5.6 1.4.4 1.4-.4v-12"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx="9" cy="7.6" r="2" fill="currentColor" />
    </svg>
  )
}

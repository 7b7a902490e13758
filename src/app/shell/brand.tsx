/** The key and the name. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 24 24" width="22" height="22" fill="none" aria-hidden="true">
        <circle cx="6.5" cy="12" r="4.2" stroke="currentColor" strokeWidth="2.2" />
        <path d="M10.7 12H22M21 12v4M16.5 12v3" stroke="currentColor" strokeWidth="2.2" />
      </svg>
      Latchkey
    </span>
  )
}

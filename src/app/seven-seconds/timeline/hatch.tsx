/** The hatching that says "waiting" without colour. */
export function Hatch({
  id,
  when,
}: {
  readonly id: string
  readonly when: 'past' | 'ahead' | 'deadlock'
}) {
  return (
    <pattern
      id={id}
      width="7"
      height="7"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <line className={`hatch hatch-${when}`} x1="0" y1="0" x2="0" y2="7" />
    </pattern>
  )
}

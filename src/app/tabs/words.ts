/** What the page "Tabs" says in numbers. */

/** `0.4 s`, `12 s`, `3 min`: how long something has lasted. */
export function sinceText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.floor(seconds)} s`
  return `${Math.floor(seconds / 60)} min`
}

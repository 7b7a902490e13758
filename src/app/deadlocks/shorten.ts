/** Names that begin alike mostly end differently: what is left out is the middle. */
export function shorten(name: string, most: number): string {
  if (name.length <= most) return name
  const end = Math.floor(most / 2)
  return `${name.slice(0, most - end - 1)}…${name.slice(-end)}`
}

/** Times as the page writes them. */

/** `3.35`: seconds with two decimals, never rounded up to a moment that has not come. */
export function seconds(ms: number): string {
  return (Math.floor(ms / 10 + 1e-6) / 100).toFixed(2)
}

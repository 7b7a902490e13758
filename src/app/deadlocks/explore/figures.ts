/** Figures of an exploration as the page writes them: pure. */

/** `1,234`; beyond fifteen digits `1.2 × 10¹⁸`. */
export function countText(count: bigint | number): string {
  const digits = String(count)
  if (digits.length <= 15) return count.toLocaleString('en-US')
  const mantissa = `${digits[0]}.${digits[1]}`
  return `${mantissa} × 10${raised(digits.length - 1)}`
}

function raised(power: number): string {
  return [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')
}

/** `12.3 %`; never rounded to 0 or to 100 where it is neither, and never broken. */
export function percentText(share: number): string {
  const percent = share * 100
  if (percent === 0 || percent === 100) return `${percent}\u00a0%`
  if (percent < 0.01) return '<\u00a00.01\u00a0%'
  if (percent > 99.99) return '>\u00a099.99\u00a0%'
  const digits = percent < 1 || percent > 99 ? 2 : 1
  return `${percent.toFixed(digits)}\u00a0%`
}

export const plural = (count: bigint | number, word: string) =>
  `${countText(count)} ${word}${String(count) === '1' ? '' : 's'}`

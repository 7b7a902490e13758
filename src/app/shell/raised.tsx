/** `2³⁰` with its exponent set as one: few code fonts have all the raised digits. */

const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

export function Raised({ text }: { readonly text: string }) {
  return text
    .split(new RegExp(`([${digits}]+)`))
    .map((part) =>
      part !== '' && digits.includes(part.charAt(0)) ? (
        <sup key={part}>{[...part].map((digit) => digits.indexOf(digit)).join('')}</sup>
      ) : (
        part
      ),
    )
}

/**
 * Text as characters that are safe in an address, and back: its UTF-8 in the URL-safe alphabet of
 * base 64, without padding. Linear in the length, both ways.
 */

export function packText(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Throws for what no text is packed as. */
export function unpackText(packed: string): string {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

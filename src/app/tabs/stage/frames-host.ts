/**
 * The element that the frames are put into. It stays where it is for as long as the page is shown: a frame
 * that is moved about in the document is loaded anew.
 */

let host: HTMLElement | undefined

export function setFramesHost(element: HTMLElement | null): void {
  host = element ?? undefined
}

export function framesHost(): HTMLElement {
  if (host === undefined) throw new Error('The page has no place for frames.')
  return host
}

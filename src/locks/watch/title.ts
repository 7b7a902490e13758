/** What people may know this page, worker or thread by. */

import { cut, longestText } from './protocol'

interface Surroundings {
  readonly document?: Document
  readonly location?: Location
  readonly name?: string
}

export function title(): string {
  const { document, location, name } = globalThis as Surroundings
  const file = location?.pathname.replace(/^.*\//, '') ?? ''
  // A window has a name, too, but nobody sees it.
  const known = document === undefined ? name || file : document.title || location?.pathname
  return cut(known ?? '', longestText)
}

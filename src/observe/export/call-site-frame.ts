/** A call site, as an engine writes it, taken apart for formats that want function, file and line. */

export interface Frame {
  /** The function; of an anonymous one its place. */
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** A stack's line may be as long as a data URL; whoever reads an export wants its beginning. */
const longest = 1000

/** `checkout (https://shop.test/cart.js:10:5)`: V8's. */
const named = /^(.+?) \((.+):(\d+):(\d+)\)$/
/** `checkout@https://shop.test/cart.js:10:5`: Firefox's and Safari's, whose names may be empty. */
const withAt = /^([^@:/][^@:]*|)@(.+):(\d+):(\d+)$/
/** `https://shop.test/cart.js:10:5`: V8's, outside of a function with a name. */
const bare = /^()(.+):(\d+):(\d+)$/

export function frameOf(site: string): Frame {
  const text = site.slice(0, longest)
  const match = named.exec(text) ?? withAt.exec(text) ?? bare.exec(text)
  if (match === null) return { name: text }
  const [, name = '', file = '', line, column] = match
  const place = `${file.slice(file.lastIndexOf('/') + 1)}:${line}:${column}`
  return { name: name || place, file, line: Number(line), column: Number(column) }
}

/** The library, for a page that loads it a second time as `another-copy.ts?another-copy`. */

import * as latchkey from '../../src/locks/index'

globalThis.copied = latchkey

declare global {
  var copied: typeof latchkey
}

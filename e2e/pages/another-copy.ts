/** The library, for a page that loads it a second time: `another-copy.js` is a bundle of its own. */

import * as latchkey from '../../src/locks/index'

globalThis.copied = latchkey

declare global {
  var copied: typeof latchkey
}

/** One lock space for the whole app: every tab of this origin. */

import { createLocks } from 'latchkey'

export const locks = createLocks()

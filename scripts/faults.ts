/**
 * `npm run test:faults`: the fault suite in its long form, with more than a thousand kills of
 * those who hold locks, and as many kills and freezes of those who lead, hold permits and fly, on the
 * app as it was built last. Its short form is part of the browser suite.
 */
import { runChild } from './child'
import { root, tool } from './tool'

const { code } = await runChild(
  process.execPath,
  [tool('@playwright/test', 'playwright'), 'test', 'e2e/faults'],
  { limit: 60 * 60_000, cwd: root, env: { LATCHKEY_FULL: '1' } },
)
process.exitCode = code ?? 1

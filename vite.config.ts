import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/**
 * Cross-origin isolation: `SharedArrayBuffer` and fine-grained clocks exist only on pages served
 * with both headers. Every server of this repository sends them, so that no page works in one
 * place and not in another.
 */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/**
 * A name that browsers do not trust as they trust 127.0.0.1: tests map it to loopback, to see a page
 * on plain http as a phone in the same network does. `.test` never resolves (RFC 6761).
 */
export const plainHost = 'latchkey.test'

// Only a person who ran `npm start` at a display wants a browser opened for them.
const display =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const open = process.env.npm_lifecycle_event === 'start' && display

export default defineConfig({
  plugins: [react()],
  server: { headers: isolation, open, allowedHosts: [plainHost] },
  preview: { headers: isolation, allowedHosts: [plainHost] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/app',
    // Class fields as written; `using` is lowered, for Safari has none.
    target: 'es2022',
    sourcemap: true,
    // A run in two tabs opens the second one; the page “Tabs” opens participants.
    rolldownOptions: { input: ['index.html', 'tab.html', 'participant.html'] },
  },
  test: {
    environment: 'node',
    include: [
      'src/**/*.test.{ts,tsx}',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    pool: 'threads',
    // The tests must fit two cores; more workers would only take turns.
    maxWorkers: 2,
  },
})

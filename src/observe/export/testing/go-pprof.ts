/** Go's own reader of profiles, where Go is installed. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const goIsThere = spawnSync('go', ['version']).status === 0

/** The lines of `go tool pprof -top`, each with single spaces. */
export function top(profile: Uint8Array, ...options: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-pprof-'))
  try {
    const file = join(folder, 'locks.pb.gz')
    writeFileSync(file, profile)
    const args = ['tool', 'pprof', '-symbolize=none', '-top', ...options, file]
    const env = { ...process.env, PPROF_TMPDIR: folder }
    const { stdout, stderr, status } = spawnSync('go', args, { encoding: 'utf8', env })
    if (status !== 0) throw new Error(stderr)
    return stdout.split('\n').map((line) => line.trim().replace(/\s+/g, ' '))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

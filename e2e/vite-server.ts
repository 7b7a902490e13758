/** Vite's commands as processes of their own: it notes in its process whether it builds or develops. */

import { spawn } from 'node:child_process'
import { freePort } from '../scripts/free-port'
import { tool } from '../scripts/tool'

export interface ViteServer {
  readonly url: string
  stop(): void
}

/** @param command `dev` or `preview`, of the app in `folder` */
export async function startVite(command: 'dev' | 'preview', folder: string): Promise<ViteServer> {
  const port = await freePort()
  const options = ['--host', '127.0.0.1', '--port', `${port}`, '--strictPort']
  const { NODE_ENV: _, ...env } = process.env
  const server = spawn(process.execPath, [tool('vite'), command, ...options], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((ready, fail) => {
    server.once('exit', (code) => fail(new Error(`vite ${command} ended with ${code}`)))
    server.stdout.on('data', (words) => {
      if (String(words).includes(`${port}`)) ready()
    })
  })
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.kill() }
}

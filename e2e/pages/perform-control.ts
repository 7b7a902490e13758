/** How late the machine is, measured by a worker beside a run. */

export interface Control {
  /**
   * How late its timers came, and how long locks took that nobody else wants: all together that
   * were not as quick as on a calm machine, in ms.
   */
  readonly late: number
}

export interface ControlWorker {
  /** Measures from now on. */
  readonly begin: () => void
  readonly end: () => Promise<Control>
}

export function startControl(): ControlWorker {
  const worker = new Worker(new URL('./perform-control-worker.ts', import.meta.url), {
    type: 'module',
  })
  return {
    begin: () => worker.postMessage('begin'),
    end: () =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<Control>) => resolve(data)
        worker.postMessage('end')
      }),
  }
}

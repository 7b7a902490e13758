/** A worker that explores one program, or plays it many times, and ends when its page says so. */

import { Pause } from './exploration/pause'
import { explore } from './explore'
import type { FromExplorer, ToExplorer } from './explore-protocol'
import { simulateTimed } from './timed'

const pause = new Pause()

function tell(message: FromExplorer): void {
  postMessage(message)
}

self.onmessage = ({ data }: MessageEvent<ToExplorer>) => {
  switch (data.type) {
    case 'explore':
      explore(data.program, {
        ...data.options,
        pause,
        onProgress: (progress) => tell({ type: 'progress', progress }),
      }).then((exploration) => tell({ type: 'explored', exploration }), fail)
      return
    case 'simulate':
      simulateTimed(data.program, {
        ...data.options,
        onProgress: (done) => tell({ type: 'simulated', done }),
      }).then((report) => tell({ type: 'timed', report }), fail)
      return
    case 'pause':
      pause.pause()
      return
    case 'resume':
      pause.resume()
  }
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  tell({ type: 'failed', range: error instanceof RangeError, message })
}

/** A worker that explores one program, or plays it many times, and ends when its page says so. */

import { Pause } from './exploration/pause'
import type { Progress } from './exploration/types'
import { explore } from './explore'
import type { FromExplorer, ToExplorer } from './explore-protocol'
import { simulateTimed } from './timed'
import { findOutcomes } from './verdict'

const pause = new Pause()
const onProgress = (progress: Progress) => tell({ type: 'progress', progress })

function tell(message: FromExplorer): void {
  postMessage(message)
}

self.onmessage = ({ data }: MessageEvent<ToExplorer>) => {
  switch (data.type) {
    case 'explore':
      explore(data.program, { ...data.options, pause, onProgress }).then(
        (exploration) => tell({ type: 'explored', exploration }),
        fail,
      )
      return
    case 'find':
      findOutcomes(data.program, { ...data.options, pause, onProgress }).then(
        (verdict) => tell({ type: 'found', verdict }),
        fail,
      )
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

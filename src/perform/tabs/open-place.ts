/**
 * Where a participant lives: a tab, or a frame of this page where a tab would do. `openTab` opens, greets
 * and watches both. Frames need nobody's permission; but they end with this page, and share its thread.
 */

import { type OpeningWindow, type OpenTab, openTab } from '../open-tab'

export interface Place {
  readonly tab: OpenTab
  /** Resolves once nothing of it is left, as far as that can be told in 5 s. */
  close(): Promise<void>
  /** Loads it anew. Rejects as `openTab` does. */
  reload(): Promise<Place>
}

export interface PlaceOptions {
  readonly address: string
  /** What a screen reader calls a frame. */
  readonly title: string
  /** Where frames are put; without, it is to be a tab. */
  readonly into: HTMLElement | undefined
  readonly signal: AbortSignal
}

/** To be called by the handler of a click if it is to be a tab. Rejects as `openTab` does. */
export function openPlace(options: PlaceOptions): Promise<Place> {
  const { into } = options
  return into === undefined ? openRealTab(options) : openFrame(options, into)
}

async function openFrame(options: PlaceOptions, into: HTMLElement): Promise<Place> {
  const frame = document.createElement('iframe')
  frame.title = options.title
  frame.src = options.address
  into.append(frame)
  try {
    return await greeted(options, {
      open: () => frame.contentWindow,
      remove: () => frame.remove(),
    })
  } catch (error) {
    frame.remove()
    throw error
  }
}

function openRealTab(options: PlaceOptions): Promise<Place> {
  let opened: Window | null = null
  return greeted(options, {
    open: () => {
      opened ??= window.open(options.address, '_blank')
      return opened
    },
    remove: () => {},
  })
}

interface Frame {
  /** The same window each time. */
  readonly open: () => Window | null
  readonly remove: () => void
}

async function greeted({ address, signal }: PlaceOptions, frame: Frame): Promise<Place> {
  const greet = async (open: () => Window | null): Promise<Place> => {
    const tab = await openTab({ address, signal, opener: openingBy(open) })
    return {
      tab,
      close: () => {
        frame.remove()
        return tab.close()
      },
      reload: async () => {
        const place = await greet(() => {
          const opened = frame.open()
          opened?.location.reload()
          return opened
        })
        // Not before: a page that nobody needs closes itself, and takes its window along.
        tab.leave()
        return place
      },
    }
  }
  return greet(frame.open)
}

function openingBy(open: () => Window | null): OpeningWindow {
  return {
    open,
    addEventListener: window.addEventListener.bind(window) as Window['addEventListener'],
    removeEventListener: window.removeEventListener.bind(window) as Window['removeEventListener'],
  }
}

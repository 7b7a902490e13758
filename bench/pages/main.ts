/** What the bench asks of a page. Each tab of a measurement is this page. */

import { contend } from './contend'
import { keyed } from './keyed'
import { increment, incrementStored, stored } from './prove'
import { readers } from './readers'
import { busy, hammer, spin } from './throughput'

const bench = { busy, contend, hammer, increment, incrementStored, keyed, readers, spin, stored }

declare global {
  interface Window {
    bench: typeof bench
  }
}

window.bench = bench

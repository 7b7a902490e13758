/** A tab of a workload: it shows in its title what it is at. */

import { greetOpener } from '../../src/perform'
import { hostWorkloads } from '../../src/perform/workload'

const tab = await greetOpener()
hostWorkloads(tab, (run) => {
  document.title = run ? `takes part in ${run.title}` : 'waits'
})

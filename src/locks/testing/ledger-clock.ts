/** A clock with a ledger that does not last: nothing has settled while the ledger is at work. */

import { IDBFactory } from 'fake-indexeddb'
import { Ledger, type Result } from '../ledger/ledger'
import { microtasks, VirtualClock } from './virtual-clock'

export class LedgerClock extends VirtualClock {
  readonly ledger = new CountingLedger(this)

  override async settle(): Promise<void> {
    await super.settle()
    while (this.ledger.busy > 0) {
      await microtasks()
      await super.settle()
    }
  }
}

class CountingLedger extends Ledger {
  /** How many transactions are under way. */
  busy = 0

  constructor(clock: VirtualClock) {
    const factory = new IDBFactory()
    super({ indexedDB: () => factory, clock, lifecycle: [] })
  }

  override async transact<T>(
    mode: 'readonly' | 'readwrite',
    issue: (rows: IDBObjectStore) => Result<T>,
  ): Promise<T> {
    this.busy++
    try {
      return await super.transact(mode, issue)
    } finally {
      this.busy--
    }
  }
}

/** A request that is made for another one, and tells it whatever it hears. */

import type { LockMode } from '../events'
import type { LossReason, PortRequest, RequestInfo } from './port'

export abstract class Deputy implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1

  constructor(public outer: PortRequest) {}

  abstract readonly name: string
  get mode(): LockMode {
    return this.outer.mode
  }
  get ifAvailable(): boolean {
    return this.outer.ifAvailable
  }
  abstract granted(): void
  refused(): void {
    this.outer.refused()
  }
  failed(error: unknown): void {
    this.outer.failed(error)
  }
  lost(reason: LossReason): void {
    this.outer.lost(reason)
  }
  describe(): RequestInfo | undefined {
    return this.outer.describe()
  }
}

/** A Node process may end although a lock is held: its end gives the lock back. */
export function letEnd(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}

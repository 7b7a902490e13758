/** What there is to lock with here. */

/** Whether this is a page or a worker, whose origin others share; a server process has none. */
export function isBrowser(): boolean {
  return typeof window !== 'undefined' || 'WorkerGlobalScope' in globalThis
}

/** To ask for it throws where storage is blocked. */
export function browserDatabases(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB ?? undefined
  } catch {
    return undefined
  }
}

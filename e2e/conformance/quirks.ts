/**
 * Where an engine's own `navigator.locks` is known to depart from the standard. A port over it can
 * be no better, so a case says what holds there instead; whoever runs the suite must have listed
 * the quirk for the engine, so that neither a new one nor one that was mended goes unnoticed.
 */

export type Quirk =
  /** Chromium: the withdrawal of a waiting request lets nobody in, before somebody releases. */
  | 'withdrawal leaves the queue standing'
  /** WebKit: a signal that has aborted before rejects with an `AbortError` of the engine's own. */
  | 'the reason of an aborted signal is lost'

/** Asks the engine itself. */
export async function quirksOf(locks: LockManager): Promise<readonly Quirk[]> {
  const quirks: Quirk[] = []
  if (await queueStands(locks)) quirks.push('withdrawal leaves the queue standing')
  const aborted = locks.request(name, { signal: AbortSignal.abort('mine') }, () => {})
  const reason = await aborted.catch((thrown: unknown) => thrown)
  if (reason !== 'mine') quirks.push('the reason of an aborted signal is lost')
  return quirks
}

const name = 'latchkey quirk'

async function queueStands(locks: LockManager): Promise<boolean> {
  // An agent's first request waits for leave to use storage, and is not withdrawn meanwhile.
  await locks.query()
  const shared = { mode: 'shared' } as const
  let release = () => {}
  const holder = locks.request(name, shared, () => {
    return new Promise<void>((resolve) => {
      release = resolve
    })
  })
  const writer = new AbortController()
  const withdrawn = locks.request(name, { signal: writer.signal }, () => {}).catch(() => {})
  const reader = locks.request(name, shared, () => {})
  const waiting = async () => {
    const { pending = [] } = await locks.query()
    return pending.filter((info) => info.name === name).length
  }
  while ((await waiting()) < 2);
  writer.abort()
  await withdrawn
  // The list changes at one stroke: the writer is out, and the reader in if he is let in at all.
  while ((await waiting()) > 1);
  const stands = (await waiting()) === 1
  release()
  await Promise.all([holder, reader])
  return stands
}

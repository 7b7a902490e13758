/** Notes the latest entry of a bounded memory: the one noted longest ago is forgotten first. */
export function remember<K, V>(notes: Map<K, V>, key: K, value: V, most: number): void {
  notes.delete(key)
  notes.set(key, value)
  if (notes.size <= most) return
  for (const oldest of notes.keys()) {
    notes.delete(oldest)
    return
  }
}

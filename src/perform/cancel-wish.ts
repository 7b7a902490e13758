/** What a tab says to the page that opened it when whoever looks on there has had enough. */

export const cancelWish = { type: 'cancel' } as const

export function isCancelWish(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'type' in value && value.type === cancelWish.type
  )
}

/** What a run that was cancelled from a tab rejects with. */
export function cancelledThere(): DOMException {
  return new DOMException('Cancelled.', 'AbortError')
}

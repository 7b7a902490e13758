import { keepFocus } from '../../shell/keep-focus'

/** A time or a step that leads to its moment. */
export function GoTo({ text, onGo }: { readonly text: string; readonly onGo: () => void }) {
  return (
    <button
      type="button"
      className="table-go"
      title="Go to this moment"
      onMouseDown={keepFocus}
      onClick={onGo}
    >
      {text}
    </button>
  )
}

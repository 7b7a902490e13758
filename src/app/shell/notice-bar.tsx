import { X } from 'lucide-react'
import { useStore } from '../store'
import './notice-bar.css'

/** Something the page has to say that nobody asked for; it stays until it is sent away. */
export function NoticeBar() {
  const notice = useStore((state) => state.notice)
  const notify = useStore((state) => state.notify)
  return (
    <div role="alert">
      {notice && (
        <div className="notice" data-kind={notice.kind}>
          <p>
            <strong>{notice.title}</strong> {notice.detail}
          </p>
          <button
            type="button"
            className="button"
            data-look="icon"
            aria-label="Dismiss"
            onClick={() => notify(undefined)}
          >
            <X size={17} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  )
}

import { type Page, pages, planned } from '../pages'
import './nav.css'

const groups: readonly Page['group'][] = ['Learn', 'Measure', 'Use']

interface Props {
  readonly current: Page['id']
  readonly onGo?: () => void
}

/** The pages there are as links; the planned ones as plain words that promise nothing. */
export function Nav({ current, onGo }: Props) {
  return (
    <nav className="nav" aria-label="Pages">
      {groups.map((group) => {
        const members = pages.filter((page) => page.group === group)
        return members.length === 0 ? null : (
          <div key={group}>
            <h2 className="nav-group">{group}</h2>
            <ul>
              {members.map((page) => (
                <li key={page.id}>
                  <a
                    className="nav-link"
                    href={`#/${page.id}`}
                    aria-current={page.id === current ? 'page' : undefined}
                    aria-keyshortcuts={page.key}
                    onClick={(event) => {
                      // Following the link to where one is would start the page over.
                      if (page.id === current) event.preventDefault()
                      onGo?.()
                    }}
                  >
                    {page.name}
                    <span className="nav-key" aria-hidden="true">
                      {page.key}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
      <div>
        <h2 className="nav-group">Not built yet</h2>
        <p className="nav-planned">{planned.join(', ')}</p>
      </div>
    </nav>
  )
}

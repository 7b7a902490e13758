import { type ComponentType, lazy, Suspense, useEffect } from 'react'
import type { PageId } from './pages'
import { ErrorBoundary } from './shell/error-boundary'
import { KeysDialog } from './shell/keys-dialog'
import { NoticeBar } from './shell/notice-bar'
import { Sidebar } from './shell/sidebar'
import { TopBar } from './shell/top-bar'
import { useStore } from './store'
import { applyTheme } from './theme'
import './app.css'

// Each page is loaded when it is opened.
const shown: Readonly<Record<PageId, ComponentType>> = {
  'seven-seconds': lazy(() => import('./seven-seconds/page')),
  deadlocks: lazy(() => import('./deadlocks/page')),
  contention: lazy(() => import('./contention/page')),
  tabs: lazy(() => import('./tabs/page')),
}

/** The frame around every page. */
export function App() {
  const theme = useStore((state) => state.theme)
  const page = useStore((state) => state.page)
  const Page = shown[page]
  useEffect(() => applyTheme(theme, document.documentElement), [theme])
  return (
    <div className="app">
      <Sidebar current={page} />
      <TopBar current={page} />
      <main className="main">
        <NoticeBar />
        <ErrorBoundary key={page} what="This page">
          <Suspense>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </main>
      <KeysDialog />
    </div>
  )
}

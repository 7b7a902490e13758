import { lazy, Suspense, useEffect } from 'react'
import { ErrorBoundary } from './shell/error-boundary'
import { KeysDialog } from './shell/keys-dialog'
import { NoticeBar } from './shell/notice-bar'
import { Sidebar } from './shell/sidebar'
import { TopBar } from './shell/top-bar'
import { useStore } from './store'
import { applyTheme } from './theme'
import './app.css'

// Each page is loaded when it is opened.
const SevenSeconds = lazy(() => import('./seven-seconds/page'))

/** The frame around every page. */
export function App() {
  const theme = useStore((state) => state.theme)
  useEffect(() => applyTheme(theme, document.documentElement), [theme])
  return (
    <div className="app">
      <Sidebar current="seven-seconds" />
      <TopBar current="seven-seconds" />
      <main className="main">
        <NoticeBar />
        <ErrorBoundary what="This page">
          <Suspense>
            <SevenSeconds />
          </Suspense>
        </ErrorBoundary>
      </main>
      <KeysDialog />
    </div>
  )
}

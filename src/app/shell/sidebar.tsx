import { Keyboard } from 'lucide-react'
import type { PageId } from '../pages'
import { useStore } from '../store'
import { Brand } from './brand'
import { Nav } from './nav'
import { ThemeSwitch } from './theme-switch'
import './sidebar.css'

/** Where one can go, and how it looks. Narrow windows have the top bar instead. */
export function Sidebar({ current }: { readonly current: PageId }) {
  return (
    <header className="sidebar">
      <Brand />
      <Nav current={current} />
      <ShellTools />
    </header>
  )
}

export function ShellTools() {
  const showKeys = useStore((state) => state.showKeys)
  return (
    <div className="shell-tools">
      <ThemeSwitch />
      <button
        type="button"
        className="button"
        data-look="icon"
        aria-label="List the keys"
        aria-keyshortcuts="?"
        title="List the keys (?)"
        onClick={() => showKeys(true)}
      >
        <Keyboard size={17} aria-hidden="true" />
      </button>
    </div>
  )
}

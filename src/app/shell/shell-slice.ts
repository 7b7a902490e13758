/** What belongs to the whole app and to no page: theme, dialogs, notices, what is read aloud. */

import type { StateCreator } from 'zustand'
import { home, type PageId } from '../pages'
import { rememberedTheme, rememberTheme, type ThemeChoice } from '../theme'

export interface Notice {
  readonly kind: 'info' | 'problem'
  readonly title: string
  readonly detail: string
}

export interface ShellSlice {
  readonly page: PageId
  readonly theme: ThemeChoice
  readonly keysShown: boolean
  readonly menuShown: boolean
  readonly notice: Notice | undefined
  readonly openPage: (page: PageId) => void
  readonly setTheme: (theme: ThemeChoice) => void
  readonly showKeys: (shown: boolean) => void
  readonly showMenu: (shown: boolean) => void
  readonly notify: (notice: Notice | undefined) => void
}

export const shellSlice: StateCreator<ShellSlice> = (set) => ({
  page: home,
  theme: rememberedTheme(),
  keysShown: false,
  menuShown: false,
  notice: undefined,
  openPage: (page) => set({ page }),
  setTheme: (theme) => {
    rememberTheme(theme)
    set({ theme })
  },
  showKeys: (keysShown) => set({ keysShown, menuShown: false }),
  showMenu: (menuShown) => set({ menuShown }),
  notify: (notice) => set({ notice }),
})

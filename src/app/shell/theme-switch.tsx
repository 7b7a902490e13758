import { Monitor, Moon, Sun } from 'lucide-react'
import { useStore } from '../store'
import { type ThemeChoice, themeChoices } from '../theme'
import { Segments } from './segments'

const looks = {
  system: { text: 'As the system', icon: Monitor },
  light: { text: 'Light', icon: Sun },
  dark: { text: 'Dark', icon: Moon },
}

/** As the system says, light, or dark. */
export function ThemeSwitch() {
  const theme = useStore((state) => state.theme)
  const setTheme = useStore((state) => state.setTheme)
  return (
    <Segments<ThemeChoice>
      label="Theme"
      value={theme}
      onChoose={setTheme}
      options={themeChoices.map((id) => ({ id, ...looks[id] }))}
      look="icons"
    />
  )
}

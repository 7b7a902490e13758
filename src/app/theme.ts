/**
 * Light, dark, or as the system says: applied as one attribute on the root element, and
 * remembered where the browser lets us (private windows and blocked cookies do not).
 */

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const place = 'latchkey:theme'

export function rememberedTheme(): ThemeChoice {
  try {
    const kept = localStorage.getItem(place)
    return themeChoices.find((choice) => choice === kept) ?? 'system'
  } catch {
    return 'system'
  }
}

export function rememberTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(place)
    else localStorage.setItem(place, choice)
  } catch {
    // The choice then lasts as long as the page.
  }
}

export function applyTheme(choice: ThemeChoice, root: HTMLElement): void {
  if (choice === 'system') delete root.dataset.theme
  else root.dataset.theme = choice
}

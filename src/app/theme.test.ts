// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { applyTheme, rememberedTheme, rememberTheme } from './theme'

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

describe('theme', () => {
  it('remembers a choice and forgets it again when the system decides', () => {
    rememberTheme('dark')
    expect(rememberedTheme()).toBe('dark')
    rememberTheme('system')
    expect(rememberedTheme()).toBe('system')
    expect(localStorage.length).toBe(0)
  })

  it('ignores what it does not know', () => {
    localStorage.setItem('latchkey:theme', 'sepia')
    expect(rememberedTheme()).toBe('system')
  })

  it('survives storage that throws, as with blocked cookies', () => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
    expect(rememberedTheme()).toBe('system')
    expect(() => rememberTheme('dark')).not.toThrow()
    vi.unstubAllGlobals()
  })

  it('survives a missing storage', () => {
    vi.stubGlobal('localStorage', null)
    expect(rememberedTheme()).toBe('system')
    expect(() => rememberTheme('light')).not.toThrow()
    vi.unstubAllGlobals()
  })

  it('is one attribute on the root', () => {
    const root = document.createElement('html')
    applyTheme('dark', root)
    expect(root.dataset.theme).toBe('dark')
    applyTheme('system', root)
    expect(root.hasAttribute('data-theme')).toBe(false)
  })
})

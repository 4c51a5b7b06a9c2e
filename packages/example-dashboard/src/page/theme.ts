import { useEffect, useState } from 'preact/hooks'

/** Light or dark; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'millrace-theme'

const isTheme = (text: string | null): text is Theme => text === 'light' || text === 'dark' || text === 'system'

/** What was chosen in this browser. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key)
  return isTheme(kept) ? kept : 'system'
}

/** Puts a choice in force and keeps it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme)
  applyTheme()
}

export function applyTheme(): void {
  const theme = chosenTheme()
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.setAttribute('data-theme', theme)
}

/** A number that changes with the theme: charts are drawn with its colours and have to be drawn anew. */
export function useTheme(): number {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const next = (): void => setVersion((before) => before + 1)
    dark.addEventListener('change', next)
    const chosen = new MutationObserver(next)
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      dark.removeEventListener('change', next)
      chosen.disconnect()
    }
  }, [])
  return version
}

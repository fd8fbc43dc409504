import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components'
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'

export const APPEARANCES = ['system', 'light', 'dark'] as const
/** Light or dark, or as the system has it. */
export type Appearance = (typeof APPEARANCES)[number]

const KEPT_AS = 'accord.appearance'

interface Preferences {
  readonly appearance: Appearance
  setAppearance(appearance: Appearance): void
}

const PreferencesContext = createContext<Preferences | null>(null)

export function PreferencesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [appearance, setAppearance] = useState<Appearance>(
    () => APPEARANCES.find((one) => one === localStorage.getItem(KEPT_AS)) ?? 'system',
  )
  useEffect(() => localStorage.setItem(KEPT_AS, appearance), [appearance])
  const preferences = useMemo(() => ({ appearance, setAppearance }), [appearance])
  return <PreferencesContext.Provider value={preferences}>{children}</PreferencesContext.Provider>
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (preferences === null) throw new Error('There are no preferences here.')
  return preferences
}

const system = matchMedia('(prefers-color-scheme: dark)')
function onSystemChange(listener: () => void): () => void {
  system.addEventListener('change', listener)
  return () => system.removeEventListener('change', listener)
}

export function useIsDark(): boolean {
  const { appearance } = usePreferences()
  const systemIsDark = useSyncExternalStore(onSystemChange, () => system.matches)
  return appearance === 'system' ? systemIsDark : appearance === 'dark'
}

export function useTheme(): Theme {
  const isDark = useIsDark()
  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light'
  }, [isDark])
  return isDark ? webDarkTheme : webLightTheme
}

const narrow = matchMedia('(max-width: 899px)')
function onWidthChange(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

/** Whether there is no room for anything beside the content, as on phones. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(onWidthChange, () => narrow.matches)
}

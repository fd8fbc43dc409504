import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Provider as UrqlProvider } from 'urql'
import { addressOf } from './base.js'
import { createApi, type Api } from './client.js'
import { failureOf, type Failure } from './failure.js'
import { MeDocument, type MeQuery } from './generated/graphql.js'

export type Principal = MeQuery['me']
export type Role = Principal['role']

const RANKS: Readonly<Record<Role, number>> = { VIEWER: 0, OPERATOR: 1, ADMINISTRATOR: 2 }

interface Session {
  readonly principal: Principal
  readonly api: Api
  signOut(): Promise<void>
}

const SessionContext = createContext<Session | null>(null)

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'signedIn'; readonly principal: Principal }

export interface SessionProviderProps {
  readonly children: ReactNode
  readonly waiting: ReactNode
  readonly signedOut: ReactNode
  failed(failure: Failure, retry: () => void): ReactNode
}

/** Shows its children to whoever has signed in, and `signedOut` to everybody else. */
export function SessionProvider({ children, waiting, signedOut, failed }: SessionProviderProps): ReactNode {
  const [state, setState] = useState<State>({ kind: 'asking' })
  const [attempt, setAttempt] = useState(0)
  const [sitting, setSitting] = useState(0)
  const api = useMemo(() => createApi(() => setState({ kind: 'signedOut' })), [sitting])

  useEffect(() => {
    let isCurrent = true
    void api.client
      .query(MeDocument, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data, error }) => {
        if (!isCurrent) return
        if (data !== undefined) setState({ kind: 'signedIn', principal: data.me })
        else if (error?.response?.status === 401) setState({ kind: 'signedOut' })
        else if (error !== undefined) setState({ kind: 'failed', failure: failureOf(error) })
      })
    return () => {
      isCurrent = false
    }
  }, [api, attempt])

  const isSignedOut = state.kind === 'signedOut'
  useEffect(() => {
    if (!isSignedOut) return
    // Whoever signs in does so in another tab as a rule, and comes back to this one. It may be somebody else: nothing is kept that was
    // answered before.
    const askAgain = (): void => {
      if (document.visibilityState !== 'visible') return
      api.close()
      setSitting((count) => count + 1)
    }
    document.addEventListener('visibilitychange', askAgain)
    return () => document.removeEventListener('visibilitychange', askAgain)
  }, [api, isSignedOut])

  const signOut = useCallback(async () => {
    await fetch(addressOf('sign-out'), { method: 'POST' })
    api.close()
    // Nothing that was shown stays in memory.
    location.assign(addressOf(''))
  }, [api])

  const principal = state.kind === 'signedIn' ? state.principal : null
  const session = useMemo(
    () => (principal === null ? null : { principal, api, signOut }),
    [principal, api, signOut],
  )

  switch (state.kind) {
    case 'asking':
      return waiting
    case 'signedOut':
      return signedOut
    case 'failed':
      return failed(state.failure, () => {
        setState({ kind: 'asking' })
        setAttempt((count) => count + 1)
      })
    case 'signedIn':
      return (
        <UrqlProvider value={api.client}>
          <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
        </UrqlProvider>
      )
  }
}

/** Who is signed in. Throws outside of {@link SessionProvider}. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('Nobody is signed in here.')
  return session
}

/** Null: whoever is signed in may do what needs the role; else the reason, in words, why not. */
export function useRefusal(needed: Role): string | null {
  const { principal } = useSession()
  const { t } = useTranslation()
  if (RANKS[principal.role] >= RANKS[needed]) return null
  return t('session.refusal', {
    needed: t(`session.roles.${needed}`),
    role: t(`session.roles.${principal.role}`),
  })
}

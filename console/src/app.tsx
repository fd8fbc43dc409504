import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components'
import { Suspense, type ReactNode } from 'react'
import { BrowserRouter } from 'react-router'
import { BASE } from './api/base.js'
import { LiveProvider } from './api/live.js'
import { SessionProvider } from './api/session.js'
import { ErrorState, LoadingState } from './shared/states.js'
import { CrashBoundary } from './shell/crash-boundary.js'
import { PreferencesProvider, useTheme } from './shell/preferences.js'
import { SignInPage } from './shell/sign-in-page.js'
import { Shell } from './shell/shell.js'
import { ToastProvider } from './shared/toasts.js'

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce
/** The policy of the page takes styles with its nonce alone. */
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {})

export function App(): ReactNode {
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <PreferencesProvider>
        <Themed>
          <CrashBoundary>
            <Suspense fallback={<LoadingState />}>
              <BrowserRouter basename={BASE}>
                <SessionProvider
                  waiting={<LoadingState />}
                  signedOut={<SignInPage />}
                  failed={(failure, retry) => <ErrorState failure={failure} retry={retry} />}
                >
                  <LiveProvider>
                    <ToastProvider>
                      <Shell />
                    </ToastProvider>
                  </LiveProvider>
                </SessionProvider>
              </BrowserRouter>
            </Suspense>
          </CrashBoundary>
        </Themed>
      </PreferencesProvider>
    </RendererProvider>
  )
}

function Themed({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <FluentProvider theme={useTheme()} className="accord">
      {children}
    </FluentProvider>
  )
}

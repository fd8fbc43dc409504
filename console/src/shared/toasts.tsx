import { Toast, ToastBody, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components'
import { createContext, useCallback, useContext, type ReactNode } from 'react'

export interface Notice {
  readonly intent: 'success' | 'info' | 'warning' | 'error'
  readonly title: string
  readonly body?: ReactNode
}

const ToastContext = createContext<((notice: Notice) => void) | null>(null)

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const toasterId = useId('toaster')
  const { dispatchToast } = useToastController(toasterId)
  const notify = useCallback(
    ({ intent, title, body }: Notice) =>
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {body !== undefined && <ToastBody>{body}</ToastBody>}
        </Toast>,
        // What went wrong stays until it was seen.
        { intent, timeout: intent === 'error' ? -1 : 6_000 },
      ),
    [dispatchToast],
  )
  return (
    <ToastContext.Provider value={notify}>
      {children}
      <Toaster toasterId={toasterId} position="bottom-end" />
    </ToastContext.Provider>
  )
}

/** Tells what became of an action, beside the page; read out to who cannot see it. */
export function useNotify(): (notice: Notice) => void {
  const notify = useContext(ToastContext)
  if (notify === null) throw new Error('There is nobody to be told here.')
  return notify
}

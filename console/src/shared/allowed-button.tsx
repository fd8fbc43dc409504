import { Button, Tooltip, useRestoreFocusTarget, type ButtonProps } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useRefusal, type Role } from '../api/session.js'

export type AllowedButtonProps = ButtonProps & {
  /** The role that the action needs. */
  readonly needs: Role
  /** Why nobody can do it now; null: it can be done. */
  readonly refusal?: string | null
}

/** A button that is disabled for whoever may not use it, and says why to eyes, pointer and screen readers. */
export function AllowedButton({ needs, refusal = null, ...button }: AllowedButtonProps): ReactNode {
  const ofRole = useRefusal(needs)
  const reason = ofRole ?? refusal
  // What it opens over the page gives the focus back to it.
  const focusReturnsHere = useRestoreFocusTarget()
  if (reason === null) return <Button {...focusReturnsHere} {...(button as ButtonProps)} />
  return (
    <Tooltip content={reason} relationship="description">
      <Button {...(button as ButtonProps)} disabledFocusable />
    </Tooltip>
  )
}

import { Badge, type BadgeProps } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const COLORS = {
  COMPLETED: 'success',
  RUNNING: 'informative',
  QUEUED: 'subtle',
  FAILED: 'danger',
  CANCELLED: 'warning',
} as const satisfies Readonly<Record<string, BadgeProps['color']>>
export type Outcome = keyof typeof COLORS

/** How a run, or a bulk action, stands. */
export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }): ReactNode {
  const { t } = useTranslation()
  return (
    <Badge appearance="tint" color={COLORS[outcome]}>
      {t(`outcome.${outcome}`)}
    </Badge>
  )
}

/** What kind of failure an error is. */
export function ErrorClassBadge({ errorClass }: { readonly errorClass: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <Badge appearance="tint" color="informative">
      {t(`errorClass.${errorClass}`)}
    </Badge>
  )
}

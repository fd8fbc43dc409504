import { Badge } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FullSynchLineStatus, FullSynchStatus } from './generated/graphql.js'

const COLORS = {
  REVIEW: 'informative',
  WAITING: 'subtle',
  BLOCKED: 'warning',
  RUNNING: 'informative',
  PAUSED: 'warning',
  FINISHED: 'success',
  COMPLETED: 'success',
  LEFT_OUT: 'subtle',
  FAILED: 'danger',
  CANCELLED: 'warning',
} as const satisfies Readonly<Record<FullSynchLineStatus | FullSynchStatus | 'PAUSED', string>>

export function StatusBadge({ status }: { readonly status: keyof typeof COLORS }): ReactNode {
  const { t } = useTranslation('full-synch')
  return (
    <Badge appearance="tint" color={COLORS[status]}>
      {t(`status.${status}`)}
    </Badge>
  )
}

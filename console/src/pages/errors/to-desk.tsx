import { Button } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHref, useNavigate } from 'react-router'
import type { ErrorClass } from './generated/graphql.js'

const DECIDED_BY_PEOPLE: ReadonlySet<ErrorClass> = new Set(['CONFLICT', 'DELETED_RECORD'])

/** Whether somebody has to say what shall hold: tried again, it would fail again. */
export function needsDecision(errorClass: ErrorClass): boolean {
  return DECIDED_BY_PEOPLE.has(errorClass)
}

/** Leads to the desk, where it is decided. */
export function ToDesk({ to }: { readonly to: string }): ReactNode {
  const { t } = useTranslation('errors')
  const navigate = useNavigate()
  return (
    <Button
      as="a"
      href={useHref(to)}
      appearance="primary"
      onClick={(event: React.MouseEvent) => {
        event.preventDefault()
        void navigate(to)
      }}
    >
      {t('settleOnDesk')}
    </Button>
  )
}

import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../shared/use-action.js'
import { CheckConnectionDocument, type CheckFragment } from './generated/graphql.js'

/** Has a connection checked. Null: it could not be, which was told. */
export function useCheck(name: string): {
  readonly checking: boolean
  check(): Promise<CheckFragment | null>
} {
  const { t } = useTranslation('connections')
  const { act, busy } = useAction()
  const check = useCallback(async () => {
    const done = await act(CheckConnectionDocument, { name }, { done: t('told.checked') })
    return done?.checkConnection ?? null
  }, [act, name, t])
  return { checking: busy, check }
}

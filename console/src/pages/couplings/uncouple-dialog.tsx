import { Text } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'
import { DeleteCouplingsDocument } from './generated/graphql.js'

/** Delete Couplings: says what stays before anything goes. */
export function UncoupleDialog({
  ids,
  onClose,
  onDone,
}: {
  readonly ids: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const notify = useNotify()
  const [, uncouple] = useMutation(DeleteCouplingsDocument)
  return (
    <ConfirmDialog
      open
      title={t('uncouple.title', { count: ids.length })}
      confirm={t('uncouple.button')}
      onClose={onClose}
      onConfirm={async () => {
        const { data, error } = await uncouple({ ids: [...ids] })
        onClose()
        if (error !== undefined) {
          notify({ intent: 'error', title: failureOf(error).message })
          return
        }
        const { removed = 0, busy = 0 } = data?.deleteCouplings ?? {}
        notify({
          intent: busy > 0 ? 'warning' : 'success',
          title: t('uncouple.done', { count: removed }),
          ...(busy > 0 ? { body: t('uncouple.busy', { count: busy }) } : {}),
        })
        onDone()
      }}
    >
      <Text block>{t('uncouple.text')}</Text>
      <Text block>{t('uncouple.stays')}</Text>
    </ConfirmDialog>
  )
}

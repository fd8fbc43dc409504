import {
  Checkbox,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { formatNumber } from '../../shared/quantity.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import { DeleteAllDocument, DeleteOlderDocument, PurgePreviewDocument } from './generated/graphql.js'

/** Entries that were last met so many days ago or earlier; null: all. */
export interface Purge {
  readonly days: number | null
}

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  table: { borderCollapse: 'collapse', width: '100%' },
  cell: {
    padding: tokens.spacingHorizontalXS,
    textAlign: 'start',
    overflowWrap: 'anywhere',
    verticalAlign: 'top',
  },
  end: { textAlign: 'end', whiteSpace: 'nowrap' },
})

/** Delete Entries Older Than 7 Days, Delete All Entries: what would go, by root cause, and what is still relevant, before anything goes. */
export function PurgeDialog({
  purge,
  close,
}: {
  readonly purge: Purge
  readonly close: () => void
}): ReactNode {
  const { t, i18n } = useTranslation('errors')
  const styles = useStyles()
  const notify = useNotify()
  const { act } = useAction()
  const [includeStillRelevant, setInclude] = useState(false)
  const [{ data, error }, again] = useQuery({
    query: PurgePreviewDocument,
    variables: { days: purge.days },
    requestPolicy: 'network-only',
  })
  const preview = data?.purgePreview
  const count = (preview?.deletable ?? 0) + (includeStillRelevant ? (preview?.stillRelevant ?? 0) : 0)
  async function carryOut(): Promise<void> {
    const { days } = purge
    const result =
      days === null
        ? (await act(DeleteAllDocument, { includeStillRelevant }))?.deleteAllIntegrationSynchErrors
        : (await act(DeleteOlderDocument, { days, includeStillRelevant }))
            ?.deleteIntegrationSynchErrorsOlderThan
    if (result === undefined) return
    notify({
      intent: 'success',
      title: t('purge.deleted', { count: result.deleted }),
      ...(result.kept === 0 ? {} : { body: t('purge.kept', { count: result.kept }) }),
    })
    close()
  }
  return (
    <ConfirmDialog
      open
      title={purge.days === null ? t('purge.all') : t('purge.older', { days: purge.days })}
      confirm={t('purge.confirm', { count })}
      disabled={count === 0}
      onConfirm={carryOut}
      onClose={close}
    >
      <div className={styles.content}>
        {preview === undefined ? (
          error === undefined ? (
            <LoadingState />
          ) : (
            <ErrorState failure={failureOf(error)} retry={() => again({ requestPolicy: 'network-only' })} />
          )
        ) : (
          <>
            <Text>{t('purge.lead', { count: preview.deletable })}</Text>
            {preview.stillRelevant > 0 && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>{t('purge.relevant', { count: preview.stillRelevant })}</MessageBarTitle>
                  {t('purge.caution')}
                </MessageBarBody>
              </MessageBar>
            )}
            {preview.groups.length > 0 && (
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col" className={styles.cell}>
                      {t('columns.rootCause')}
                    </th>
                    <th scope="col" className={mergeClasses(styles.cell, styles.end)}>
                      {t('purge.go')}
                    </th>
                    <th scope="col" className={mergeClasses(styles.cell, styles.end)}>
                      {t('purge.stillRelevant')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {preview.groups.map(({ group, deletable, stillRelevant }, index) => (
                    <tr key={group?.id ?? index}>
                      <td className={styles.cell}>{group?.message ?? t('purge.noGroup')}</td>
                      <td className={mergeClasses(styles.cell, styles.end)}>
                        {formatNumber(deletable, i18n.language)}
                      </td>
                      <td className={mergeClasses(styles.cell, styles.end)}>
                        {formatNumber(stillRelevant, i18n.language)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {preview.stillRelevant > 0 && (
              <Checkbox
                label={t('purge.include', { count: preview.stillRelevant })}
                checked={includeStillRelevant}
                onChange={(_event, { checked }) => setInclude(checked === true)}
              />
            )}
          </>
        )}
      </div>
    </ConfirmDialog>
  )
}

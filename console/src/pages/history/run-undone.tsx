import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useSubscription } from 'urql'
import { InnerLink } from '../../shared/inner-link.js'
import { useAction } from '../../shared/use-action.js'
import { UndoProgressDocument, UndoResultsDocument, UndoWritesDocument } from './generated/graphql.js'
import { UndoResults } from './undo-results.js'

/** Follows a run that undoes another to its end, then tells what became of each write. */
export function RunUndone({
  runId,
  onClose,
}: {
  readonly runId: string
  readonly onClose: () => void
}): ReactNode {
  const { t } = useTranslation('history')
  const { act } = useAction()
  const [{ data: progress }] = useSubscription({ query: UndoProgressDocument, variables: { runId } })
  const status = progress?.runProgress.run.status
  const ended = status !== undefined && status !== 'QUEUED' && status !== 'RUNNING'
  const [{ data }] = useQuery({
    query: UndoResultsDocument,
    variables: { id: runId },
    pause: !ended,
    requestPolicy: 'network-only',
  })
  const results = data?.synchRun?.undoResults.nodes
  if (ended && results !== undefined) {
    return (
      <UndoResults
        results={results}
        onClose={onClose}
        onOverwrite={async (ids) => {
          const done = await act(UndoWritesDocument, { ids: [...ids], both: false, overwrite: true })
          if (done !== null) onClose()
        }}
      />
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('undo.working')}</DialogTitle>
          <DialogContent>
            <Spinner label={t('undo.working')} />
            <InnerLink to={`/jobs/${runId}`}>{t('write.openRun')}</InnerLink>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('results.close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

import { Checkbox, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { ArrowUndoRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { formatNumber } from '../../shared/quantity.js'
import { useAction } from '../../shared/use-action.js'
import {
  LaterWritesDocument,
  RunToUndoDocument,
  UndoRunDocument,
  type RunToUndoQuery,
} from './generated/graphql.js'
import { isUndone, writtenAgain, type WrittenAgain } from './run-outlook.js'
import { RunUndone } from './run-undone.js'

type Run = NonNullable<RunToUndoQuery['synchRun']>

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
})

export interface RunUndoProps {
  readonly runId: string
  readonly onDone: () => void
}

/** The button that undoes everything a run wrote, after a look at what would be refused. */
export function RunUndo({ runId, onDone }: RunUndoProps): ReactNode {
  const { t } = useTranslation('history')
  const { act } = useAction()
  const [asking, setAsking] = useState(false)
  const [overwrite, setOverwrite] = useState(false)
  const [undoing, setUndoing] = useState<string | null>(null)
  const [{ data }] = useQuery({ query: RunToUndoDocument, variables: { id: runId } })
  const run = data?.synchRun ?? null
  const refusal =
    run === null
      ? null
      : run.status === 'QUEUED' || run.status === 'RUNNING'
        ? t('refusals.underWay')
        : isUndone({ nodes: run.writes.nodes, hasMore: isCut(run) })
          ? t(run.writes.totalCount === 0 ? 'refusals.empty' : 'refusals.undone')
          : null

  async function undo(): Promise<void> {
    const done = await act(UndoRunDocument, { runId, overwrite })
    if (done === null) return
    setAsking(false)
    setUndoing(done.undoRun.id)
  }

  return (
    <>
      <AllowedButton
        needs="OPERATOR"
        icon={<ArrowUndoRegular />}
        disabled={run === null}
        refusal={refusal}
        onClick={() => setAsking(true)}
      >
        {t('actions.undoRun')}
      </AllowedButton>
      {run !== null && asking && (
        <ConfirmDialog
          open
          title={t('undo.runTitle')}
          confirm={t('undo.confirm')}
          onConfirm={undo}
          onClose={() => setAsking(false)}
        >
          <RunPreview run={run} overwrite={overwrite} onOverwrite={setOverwrite} />
        </ConfirmDialog>
      )}
      {undoing !== null && (
        <RunUndone
          runId={undoing}
          onClose={() => {
            setUndoing(null)
            onDone()
          }}
        />
      )}
    </>
  )
}

/** Whether a run wrote more than was read of it. */
function isCut({ writes: { nodes, totalCount } }: Run): boolean {
  return nodes.length < totalCount
}

interface RunPreviewProps {
  readonly run: Run
  readonly overwrite: boolean
  readonly onOverwrite: (overwrite: boolean) => void
}

function RunPreview({ run, overwrite, onOverwrite }: RunPreviewProps): ReactNode {
  const { t, i18n } = useTranslation('history')
  const styles = useStyles()
  const { nodes, totalCount } = run.writes
  const [{ data, fetching }] = useQuery({
    query: LaterWritesDocument,
    variables: {
      filter: {
        mapping: run.mapping.name,
        connection: run.mapping.connection.name,
        time: { from: run.finishedAt ?? null },
      },
    },
    requestPolicy: 'network-only',
  })
  const number = (value: number): string => formatNumber(value, i18n.language)
  const count = (kind: (typeof nodes)[number]['kind']): string =>
    number(nodes.filter((write) => write.kind === kind).length)
  const undone = nodes.filter(({ undoneBy }) => undoneBy != null).length
  const all = `${number(totalCount)}${run.writes.totalCountIsExact ? '' : '+'}`
  function toldOf({ count: again, isExact }: WrittenAgain): string {
    if (again === 0) return t(isExact ? 'undo.runNone' : 'undo.runUnknown')
    const told = `${number(again)}${isExact ? '' : '+'}`
    return t(overwrite ? 'undo.runLaterOverwritten' : 'undo.runLater', { number: told })
  }
  return (
    <div className={styles.content}>
      <Text>{t('undo.explain')}</Text>
      <Text weight="semibold">
        {t('undo.runCounts', { count: totalCount, number: all })}:{' '}
        {t('undo.runKinds', { created: count('CREATE'), changed: count('UPDATE'), deleted: count('DELETE') })}
      </Text>
      {nodes.length < totalCount && <Text>{t('undo.runFirst', { number: number(nodes.length) })}</Text>}
      {nodes.some(({ kind }) => kind === 'CREATE') && <Text>{t('undo.CREATE')}</Text>}
      {nodes.some(({ kind }) => kind === 'DELETE') && <Text>{t('undo.DELETE')}</Text>}
      {undone > 0 && <Text>{t('undo.runUndone', { number: number(undone) })}</Text>}
      {fetching ? (
        <Spinner size="small" label={t('undo.reading')} />
      ) : (
        <Text>
          {data === undefined
            ? t('undo.runUnknown')
            : toldOf(
                writtenAgain(
                  run.id,
                  { nodes, hasMore: isCut(run) },
                  { nodes: data.recordWrites.nodes, hasMore: data.recordWrites.pageInfo.hasNextPage },
                ),
              )}
        </Text>
      )}
      <Checkbox
        label={t('undo.overwrite')}
        checked={overwrite}
        onChange={(_event, { checked }) => onOverwrite(checked === true)}
      />
    </div>
  )
}

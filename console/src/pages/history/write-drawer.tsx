import { Badge, makeStyles, tokens } from '@fluentui/react-components'
import { ArrowUndoRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { DetailDrawer } from '../../shared/detail-drawer.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { RecordLink } from '../../shared/record-link.js'
import type { WriteFragment } from './generated/graphql.js'
import { systemOf } from './system-of.js'
import { WrittenFields } from './written-fields.js'

export const KIND_COLORS = { CREATE: 'success', UPDATE: 'informative', DELETE: 'danger' } as const

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

export interface WriteDrawerProps {
  /** Null: it is closed. */
  readonly write: WriteFragment | null
  readonly onClose: () => void
  readonly onUndo: (write: WriteFragment) => void
}

/** One write: what stood there before and after, why, for whom, by which version of the mapping. */
export function WriteDrawer({ write, onClose, onUndo }: WriteDrawerProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  return (
    <DetailDrawer
      of={write}
      title={({ kind, record }) =>
        t('write.title', { kind: t(`kinds.${kind}`), name: record?.name ?? t('write.unnamed') })
      }
      onClose={onClose}
    >
      {(shown) => (
        <>
          <div className={styles.actions}>
            <AllowedButton
              needs="OPERATOR"
              appearance="primary"
              icon={<ArrowUndoRegular />}
              refusal={shown.undoneBy == null ? null : t('refusals.undone')}
              onClick={() => onUndo(shown)}
            >
              {t('actions.undo')}
            </AllowedButton>
            <TimelineLink write={shown} />
          </div>
          <WrittenFields fields={shown.fields} />
          <WriteFacts write={shown} />
        </>
      )}
    </DetailDrawer>
  )
}

function TimelineLink({ write: { record, mapping } }: { readonly write: WriteFragment }): ReactNode {
  const { t } = useTranslation('history')
  if (record?.id == null) return null
  const place = {
    connection: mapping.connection.name,
    mapping: mapping.name,
    side: record.side,
    id: record.id,
  }
  return (
    <InnerLink to={`/history/record?${new URLSearchParams(place).toString()}`}>
      {t('write.timeline')}
    </InnerLink>
  )
}

export function WriteFacts({ write }: { readonly write: WriteFragment }): ReactNode {
  const { t } = useTranslation('history')
  const { mapping, mappingVersion, run, undoneBy } = write
  const version = mappingVersion == null ? '' : `, ${t('write.version', { version: mappingVersion })}`
  return (
    <Facts
      facts={[
        [t('write.reason'), write.reason],
        [t('write.at'), <Instant key="at" at={write.at} />],
        [t('write.by'), write.requestedBy],
        [
          t('write.record'),
          write.record == null ? null : <Placed key="record" write={write} record={write.record} />,
        ],
        [
          t('write.other'),
          write.otherRecord == null ? null : <Placed key="other" write={write} record={write.otherRecord} />,
        ],
        [t('write.mapping'), `${mapping.name}${version}`],
        [t('write.decision'), write.decisionRow],
        [
          t('write.run'),
          run == null ? null : (
            <InnerLink key="run" to={`/jobs/${run.id}`}>
              {t('write.openRun')}
            </InnerLink>
          ),
        ],
        [
          t('write.undoneBy'),
          undoneBy == null ? null : (
            <Badge key="undone" appearance="outline">
              <InnerLink to={`/jobs/${undoneBy.id}`}>{t('write.undoingRun')}</InnerLink>
            </Badge>
          ),
        ],
        [
          t('write.versions'),
          write.versionBefore == null && write.versionAfter == null
            ? null
            : `${write.versionBefore ?? '-'}, ${write.versionAfter ?? '-'}`,
        ],
        [t('write.trace'), write.traceId],
      ]}
    />
  )
}

interface PlacedProps {
  readonly write: WriteFragment
  readonly record: NonNullable<WriteFragment['record']>
}

/** A record and the system that it lies in: both of a pair mostly have the same name. */
function Placed({ write, record }: PlacedProps): ReactNode {
  return (
    <>
      <RecordLink record={record} /> ({systemOf(write, record.side)})
    </>
  )
}

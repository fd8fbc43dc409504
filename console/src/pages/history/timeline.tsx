import { Badge, Button, makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { ArrowLeftRegular, ArrowUndoRegular, TimelineRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { TimelineDocument, type TimelineQuery, type WriteFragment } from './generated/graphql.js'
import { UndoDialog } from './undo-dialog.js'
import { WrittenFields } from './written-fields.js'

type Entry = TimelineQuery['recordTimeline']['nodes'][number]

const COLORS = {
  COUPLED: 'success',
  DECIDED: 'brand',
  FAILED: 'danger',
  RESOLVED: 'success',
  SKIPPED: 'warning',
  SKIP_ENDED: 'success',
  WRITTEN: 'informative',
} as const

const useStyles = makeStyles({
  back: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  line: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    maxWidth: '900px',
    ...shorthands.borderLeft('2px', 'solid', tokens.colorNeutralStroke1),
    marginInlineStart: tokens.spacingHorizontalS,
  },
  entry: {
    position: 'relative',
    paddingInlineStart: tokens.spacingHorizontalXL,
    paddingBlockEnd: tokens.spacingVerticalXL,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
    '::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: '-7px',
      insetBlockStart: '4px',
      width: '12px',
      height: '12px',
      boxSizing: 'border-box',
      borderRadius: '50%',
      backgroundColor: tokens.colorNeutralBackground2,
      ...shorthands.border('3px', 'solid', tokens.colorBrandStroke1),
    },
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  fields: {
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalS,
  },
})

/** Everything that happened to one record, named by the address: `mapping`, `connection`, and `side` with `id`, or `coupling`. */
export function Timeline(): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  const [search] = useSearchParams()
  const mapping = search.get('mapping')
  const id = search.get('id')
  const couplingId = search.get('coupling')
  const side = (['LOCAL', 'INTEGRATION'] as const).find((one) => one === search.get('side')) ?? null
  return (
    <Page
      title={t('timeline.title')}
      lead={t('timeline.lead')}
      actions={
        <InnerLink to="/history" className={styles.back}>
          <ArrowLeftRegular aria-hidden="true" /> {t('timeline.back')}
        </InnerLink>
      }
    >
      {mapping === null || (couplingId === null && (id === null || side === null)) ? (
        <EmptyState title={t('timeline.missing')} icon={<TimelineRegular />}>
          {t('timeline.missingHint')}
        </EmptyState>
      ) : (
        <Entries
          mapping={mapping}
          connection={search.get('connection')}
          of={couplingId === null ? { id, side } : { couplingId }}
        />
      )}
    </Page>
  )
}

interface EntriesProps {
  readonly mapping: string
  readonly connection: string | null
  readonly of:
    | { readonly id: string | null; readonly side: 'LOCAL' | 'INTEGRATION' | null }
    | { readonly couplingId: string }
}

function Entries({ mapping, connection, of }: EntriesProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  const [undoing, setUndoing] = useState<readonly WriteFragment[] | null>(null)
  const pages = usePages({
    query: TimelineDocument,
    variables: { mapping, connection, ...of },
    connection: ({ recordTimeline }) => recordTimeline,
    topics: ['counters', 'errors'],
    pageSize: 50,
  })
  if (pages.failure !== null && pages.rows.length === 0) {
    return <ErrorState failure={pages.failure} retry={pages.reload} />
  }
  if (pages.rows.length === 0) {
    return pages.loading ? (
      <LoadingState />
    ) : (
      <EmptyState title={t('timeline.none')} icon={<TimelineRegular />} />
    )
  }
  return (
    <>
      <ol className={styles.line} aria-label={t('timeline.title')}>
        {pages.rows.map((entry) => (
          <li key={entry.id} className={styles.entry}>
            <TimelineEntry entry={entry} onUndo={(write) => setUndoing([write])} />
          </li>
        ))}
      </ol>
      {pages.hasMore && (
        <div>
          <Button onClick={pages.loadMore} disabled={pages.loading}>
            {t('timeline.more')}
          </Button>
        </div>
      )}
      {undoing !== null && (
        <UndoDialog writes={undoing} onClose={() => setUndoing(null)} onDone={pages.reload} />
      )}
    </>
  )
}

interface TimelineEntryProps {
  readonly entry: Entry
  readonly onUndo: (write: WriteFragment) => void
}

function TimelineEntry({ entry, onUndo }: TimelineEntryProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  const { write, error, run } = entry
  return (
    <>
      <div className={styles.head}>
        <Badge appearance="tint" color={COLORS[entry.kind]}>
          {t(`timeline.kinds.${entry.kind}`)}
        </Badge>
        <Text size={200} className={styles.quiet}>
          <Instant at={entry.at} />
        </Text>
        {entry.by != null && (
          <Text size={200} className={styles.quiet}>
            {t('timeline.by', { by: entry.by })}
          </Text>
        )}
        {run != null && <InnerLink to={`/jobs/${run.id}`}>{t('write.openRun')}</InnerLink>}
      </div>
      <Text>{entry.text}</Text>
      {error != null && (
        <Text size={200} className={styles.quiet}>
          {error.message} {error.remedy}
        </Text>
      )}
      {write != null && (
        <>
          <RecordLink record={write.record} />
          <div className={styles.fields}>
            <WrittenFields fields={write.fields} />
          </div>
          <div>
            <AllowedButton
              needs="OPERATOR"
              size="small"
              icon={<ArrowUndoRegular />}
              refusal={write.undoneBy == null ? null : t('refusals.undone')}
              onClick={() => onUndo(write)}
            >
              {t('actions.undo')}
            </AllowedButton>
          </div>
        </>
      )}
    </>
  )
}

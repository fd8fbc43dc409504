import {
  Badge,
  Button,
  Card,
  makeStyles,
  Menu,
  MenuPopover,
  MenuTrigger,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { MoreHorizontalRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { useMappingActions } from './actions.js'
import { DirectionMark } from './direction-mark.js'
import { MappingListDocument, type MappingListQuery } from './generated/graphql.js'
import { mappingPath } from './mapping-path.js'

export type ListedMapping = MappingListQuery['integrationTableMappings'][number]

const useStyles = makeStyles({
  scroll: {
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  table: { minWidth: '940px' },
  name: { width: '22%' },
  wide: { width: '17%' },
  number: { textAlign: 'end', fontVariantNumeric: 'tabular-nums', width: '68px' },
  act: { width: '44px' },
  stack: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalS,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink, fontWeight: tokens.fontWeightSemibold },
  bad: { color: tokens.colorStatusDangerForeground1, fontWeight: tokens.fontWeightSemibold },
  cards: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  cardHead: {
    display: 'flex',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
  },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
  },
})

export function MappingList(): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [{ data, error }, refetch] = useQuery({ query: MappingListDocument })
  const [run, setRun] = useState<{ readonly id: string; readonly title: string } | null>(null)
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  const onRun = (id: string, title: string): void => setRun({ id, title })
  const mappings = data?.integrationTableMappings
  return (
    <Page title={t('title')} lead={t('lead')}>
      {run !== null && <RunProgress key={run.id} runId={run.id} title={run.title} onEnded={again} />}
      {mappings === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={again} />
        )
      ) : mappings.length === 0 ? (
        <EmptyState title={t('none')}>
          <Text>{t('noneHint')}</Text>
        </EmptyState>
      ) : narrow ? (
        <ul className={styles.cards} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {mappings.map((mapping) => (
            <li key={mapping.id}>
              <MappingCard mapping={mapping} onRun={onRun} onChanged={again} />
            </li>
          ))}
        </ul>
      ) : (
        <MappingTable mappings={mappings} onRun={onRun} onChanged={again} />
      )}
    </Page>
  )
}

interface ActingProps {
  onRun(id: string, title: string): void
  onChanged(): void
}

function MappingTable({
  mappings,
  ...acting
}: ActingProps & { readonly mappings: readonly ListedMapping[] }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const columns = ['name', 'state', 'lastJobs', 'watermarks'] as const
  const numbers = ['couplings', 'openErrors', 'skipped', 'pending'] as const
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('title')}>
      <Table aria-label={t('title')} className={styles.table}>
        <TableHeader>
          <TableRow>
            {columns.map((column) => (
              <TableHeaderCell key={column} className={column === 'name' ? styles.name : styles.wide}>
                {t(`columns.${column}`)}
              </TableHeaderCell>
            ))}
            {numbers.map((column) => (
              <TableHeaderCell key={column} className={styles.number}>
                {t(`columns.${column}`)}
              </TableHeaderCell>
            ))}
            <TableHeaderCell className={styles.act} aria-label={t('columns.actions')} />
          </TableRow>
        </TableHeader>
        <TableBody>
          {mappings.map((mapping) => (
            <TableRow key={mapping.id}>
              <TableCell>
                <NameLink mapping={mapping} />
              </TableCell>
              <TableCell>
                <StateOf mapping={mapping} />
              </TableCell>
              <TableCell>
                <LastJobs mapping={mapping} />
              </TableCell>
              <TableCell>
                <Watermarks mapping={mapping} />
              </TableCell>
              <TableCell className={styles.number}>
                <Quantity value={mapping.couplings} />
              </TableCell>
              <TableCell className={styles.number}>
                <span className={mapping.openErrors > 0 ? styles.bad : undefined}>
                  <Quantity value={mapping.openErrors} />
                </span>
              </TableCell>
              <TableCell className={styles.number}>
                <span className={mapping.skippedRecords > 0 ? styles.bad : undefined}>
                  <Quantity value={mapping.skippedRecords} />
                </span>
              </TableCell>
              <TableCell className={styles.number}>
                <Quantity value={mapping.pendingRecords} />
              </TableCell>
              <TableCell>
                <RowMenu mapping={mapping} {...acting} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function MappingCard({ mapping, ...acting }: ActingProps & { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const numbers = [
    ['couplings', mapping.couplings],
    ['openErrors', mapping.openErrors],
    ['skipped', mapping.skippedRecords],
    ['pending', mapping.pendingRecords],
  ] as const
  return (
    <Card>
      <div className={styles.cardHead}>
        <NameLink mapping={mapping} />
        <RowMenu mapping={mapping} {...acting} />
      </div>
      <StateOf mapping={mapping} />
      <LastJobs mapping={mapping} />
      <div className={styles.facts}>
        {numbers.map(([name, value]) => (
          <Text key={name} size={200}>
            {t(`columns.${name}`)}{' '}
            <span
              className={value > 0 && (name === 'openErrors' || name === 'skipped') ? styles.bad : undefined}
            >
              <Quantity value={value} />
            </span>
          </Text>
        ))}
      </div>
    </Card>
  )
}

function NameLink({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.stack}>
      <Link to={mappingPath(mapping.connection.name, mapping.name)} className={styles.link}>
        {mapping.name}
      </Link>
      <Text size={200} className={styles.quiet}>
        <Tables mapping={mapping} />
      </Text>
    </div>
  )
}

function Tables({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const styles = useStyles()
  return (
    <span className={styles.line}>
      {mapping.localTableCaption ?? mapping.localTable}
      <DirectionMark direction={mapping.direction} />
      {mapping.integrationTableCaption ?? mapping.integrationTable}
    </span>
  )
}

function StateOf({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { connection, pausedAt, pausedBy, sleepsUntil, nextScheduledAt } = mapping
  if (connection.disabledAt != null)
    return (
      <Badge appearance="tint" color="warning">
        {t('state.disabled')}
      </Badge>
    )
  if (pausedAt != null || connection.pausedAt != null)
    return (
      <div className={styles.stack}>
        <span>
          <Badge appearance="tint" color="warning">
            {t(pausedAt == null ? 'state.connectionPaused' : 'state.paused')}
          </Badge>
        </span>
        <Text size={200} className={styles.quiet}>
          {pausedBy} <Instant at={pausedAt ?? connection.pausedAt} as="ago" />
        </Text>
      </div>
    )
  return (
    <div className={styles.stack}>
      <span>
        <Badge appearance="tint" color={sleepsUntil == null ? 'success' : 'informative'}>
          {t(sleepsUntil == null ? 'state.awake' : 'state.asleep')}
        </Badge>
      </span>
      {nextScheduledAt != null && (
        <Text size={200} className={styles.quiet}>
          {t(sleepsUntil == null ? 'state.next' : 'state.looks')} <Instant at={nextScheduledAt} as="ago" />
        </Text>
      )}
    </div>
  )
}

function LastJobs({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if (mapping.lastJobs.length === 0) return <Text className={styles.quiet}>{t('noJobs')}</Text>
  return (
    <div className={styles.stack}>
      {mapping.lastJobs.map((job) => (
        <span key={job.id} className={styles.line}>
          <DirectionMark direction={job.direction} />
          <OutcomeBadge outcome={job.status} />
          <Text size={200} className={styles.quiet}>
            <Instant at={job.finish ?? job.start} as="ago" />
          </Text>
        </span>
      ))}
    </div>
  )
}

function Watermarks({ mapping }: { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const shown = [
    ['TO_INTEGRATION_TABLE', mapping.toWatermark],
    ['FROM_INTEGRATION_TABLE', mapping.fromWatermark],
  ] as const
  return (
    <div className={styles.stack}>
      {shown
        .filter(([direction]) => mapping.direction === 'BIDIRECTIONAL' || mapping.direction === direction)
        .map(([direction, at]) => (
          <span key={direction} className={styles.line}>
            <DirectionMark direction={direction} />
            <Text size={200}>
              <Instant at={at} as="ago" none={t('watermark.none')} />
            </Text>
          </span>
        ))}
    </div>
  )
}

function RowMenu({
  mapping,
  onRun,
  onChanged,
}: ActingProps & { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const { items, dialog } = useMappingActions({ mapping, onRun, onChanged })
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            aria-label={t('actions.of', { name: mapping.name })}
          />
        </MenuTrigger>
        <MenuPopover>{items}</MenuPopover>
      </Menu>
      {dialog}
    </>
  )
}

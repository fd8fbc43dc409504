import {
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
import { AddRegular, MoreHorizontalRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { useMappingActions } from './actions.js'
import { MappingListDocument, type MappingListQuery } from './generated/graphql.js'
import { LastJobs, NameLink, StateOf, Watermarks } from './list-cells.js'

export type ListedMapping = MappingListQuery['integrationTableMappings'][number]

const useStyles = makeStyles({
  scroll: {
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  table: { minWidth: '940px' },
  name: { width: '15%' },
  lastJobs: { width: '13%' },
  state: { width: '13.5%' },
  watermarks: { width: '12.5%' },
  number: {
    textAlign: 'end',
    fontVariantNumeric: 'tabular-nums',
    '&.fui-TableHeaderCell': { paddingInlineStart: 0, fontSize: tokens.fontSizeBase200 },
    '& .fui-TableHeaderCell__button': { justifyContent: 'flex-end' },
  },
  act: { width: '44px' },
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
  const navigate = useNavigate()
  const [{ data, error }, refetch] = useQuery({ query: MappingListDocument })
  const [run, setRun] = useState<{ readonly id: string; readonly title: string } | null>(null)
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  const onRun = (id: string, title: string): void => setRun({ id, title })
  const mappings = data?.integrationTableMappings
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <AllowedButton
          needs="ADMINISTRATOR"
          icon={<AddRegular />}
          onClick={() => void navigate('/mappings/new')}
        >
          {t('create.title')}
        </AllowedButton>
      }
    >
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
  const columns = [
    ['name', styles.name],
    ['state', styles.state],
    ['lastJobs', styles.lastJobs],
    ['watermarks', styles.watermarks],
  ] as const
  /** With the pixels that the longest of their titles needs, in any language. */
  const numbers = [
    ['couplings', 72],
    ['openErrors', 52],
    ['skipped', 84],
    ['pending', 74],
  ] as const
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('title')}>
      <Table aria-label={t('title')} className={styles.table}>
        <TableHeader>
          <TableRow>
            {columns.map(([column, width]) => (
              <TableHeaderCell key={column} className={width}>
                {t(`columns.${column}`)}
              </TableHeaderCell>
            ))}
            {numbers.map(([column, width]) => (
              <TableHeaderCell key={column} className={styles.number} style={{ width }}>
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

function RowMenu({
  mapping,
  onRun,
  onChanged,
}: ActingProps & { readonly mapping: ListedMapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const { items, dialog } = useMappingActions({ mapping, onRun, onChanged, onDeleted: onChanged })
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

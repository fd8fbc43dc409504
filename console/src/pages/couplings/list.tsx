import { Badge, Field, makeStyles, SearchBox, Select, Text, tokens } from '@fluentui/react-components'
import { ArrowSyncRegular, LinkDismissRegular } from '@fluentui/react-icons'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useSelected } from '../../shared/use-selected.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { CouplingTabs } from './coupling-tabs.js'
import {
  CouplingsDocument,
  type CouplingOrder,
  type CouplingsQuery,
  type CouplingStatus,
} from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { SynchronizeDialog } from './synchronize-dialog.js'
import { UncoupleDialog } from './uncouple-dialog.js'
import { useMappings } from './use-mappings.js'

export type ListedCoupling = CouplingsQuery['couplings']['nodes'][number]

const STATUSES = ['SETTLED', 'PENDING', 'SKIPPED'] as const
const ORDERS = [
  'LAST_SYNCHRONIZED_DESC',
  'LAST_SYNCHRONIZED_ASC',
  'LOCAL_NAME_ASC',
  'LOCAL_NAME_DESC',
] as const
export const STATUS_COLORS = { SETTLED: 'success', PENDING: 'informative', SKIPPED: 'danger' } as const

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '180px', minWidth: 0 },
})

/** All couplings, searched by name or id of either record. */
export function CouplingList(): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const navigate = useNavigate()
  const mappings = useMappings()
  const [text, setText] = useState('')
  const [status, setStatus] = useState<CouplingStatus | ''>('')
  const [orderBy, setOrderBy] = useState<CouplingOrder>('LAST_SYNCHRONIZED_DESC')
  const [asked, setAsked] = useState<'synchronize' | 'uncouple' | null>(null)
  const searched = useDeferredValue(text.trim())
  const { chosen } = mappings
  const filter = {
    ...(chosen === null ? {} : { connection: chosen.connection.name, mapping: chosen.name }),
    ...(searched === '' ? {} : { text: searched }),
    ...(status === '' ? {} : { status: [status] }),
  }
  const pages = usePages({
    query: CouplingsDocument,
    variables: { orderBy, filter },
    connection: ({ couplings }) => couplings,
    topics: ['counters'],
  })
  const columns = useMemo<readonly Column<ListedCoupling>[]>(
    () => [
      {
        id: 'local',
        title: t('columns.local'),
        width: 'minmax(110px, 3fr)',
        cell: ({ id, localRecord, integrationRecord }) => (
          <InnerLink to={`/couplings/${id}`}>
            {localRecord.name ?? integrationRecord.name ?? t('unnamed')}
          </InnerLink>
        ),
      },
      {
        id: 'integration',
        title: t('columns.integration'),
        width: 'minmax(110px, 3fr)',
        cell: ({ integrationRecord }) => <RecordLink record={integrationRecord} />,
      },
      {
        id: 'mapping',
        title: t('mapping'),
        width: 'minmax(148px, 1fr)',
        wideOnly: true,
        cell: ({ mapping }) => mapping.name,
      },
      {
        id: 'status',
        title: t('columns.status'),
        width: '110px',
        cell: (coupling) => (
          <Badge appearance="tint" color={STATUS_COLORS[coupling.status]}>
            {t(`status.${coupling.status}`)}
          </Badge>
        ),
      },
      {
        id: 'last',
        title: t('columns.last'),
        width: 'minmax(130px, 1fr)',
        wideOnly: true,
        cell: (coupling) => <Instant at={coupling.lastSynchronizedAt} as="ago" none={t('never')} />,
      },
    ],
    [t],
  )
  const { ids, meant, change, clear } = useSelected(pages.rows, filter)
  const none = meant.length === 0 ? t('selectFirst') : null
  return (
    <Page
      fill
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          <AllowedButton
            needs="OPERATOR"
            icon={<ArrowSyncRegular />}
            refusal={none}
            onClick={() => setAsked('synchronize')}
          >
            {t('synchronize.button')}
          </AllowedButton>
          <AllowedButton
            needs="OPERATOR"
            icon={<LinkDismissRegular />}
            refusal={none}
            onClick={() => setAsked('uncouple')}
          >
            {t('uncouple.button')}
          </AllowedButton>
        </>
      }
    >
      <CouplingTabs />
      <div className={styles.bar}>
        <Field label={t('search')} className={styles.grow}>
          <SearchBox value={text} onChange={(_event, { value }) => setText(value)} />
        </Field>
        <MappingSelect chosen={mappings} all={t('allMappings')} className={styles.grow} />
        <Field label={t('columns.status')} className={styles.grow}>
          <Select value={status} onChange={(_event, { value }) => setStatus(value as CouplingStatus | '')}>
            <option value="">{t('anyStatus')}</option>
            {STATUSES.map((one) => (
              <option key={one} value={one}>
                {t(`status.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('order')} className={styles.grow}>
          <Select value={orderBy} onChange={(_event, { value }) => setOrderBy(value as CouplingOrder)}>
            {ORDERS.map((one) => (
              <option key={one} value={one}>
                {t(`orders.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <DataTable
        label={t('title')}
        pages={pages}
        columns={columns}
        narrow={narrow}
        id={({ id }) => id}
        name={({ localRecord, integrationRecord }) => localRecord.name ?? integrationRecord.name ?? ''}
        selection={{ ids, change }}
        onOpen={({ id }) => void navigate(`/couplings/${id}`)}
        empty={
          <EmptyState title={t('none')}>
            <Text>{t('noneHint')}</Text>
          </EmptyState>
        }
      />
      {asked === 'synchronize' && (
        <SynchronizeDialog ids={meant} onClose={() => setAsked(null)} onDone={pages.reload} />
      )}
      {asked === 'uncouple' && (
        <UncoupleDialog
          ids={meant}
          onClose={() => setAsked(null)}
          onDone={() => {
            clear()
            pages.reload()
          }}
        />
      )}
    </Page>
  )
}

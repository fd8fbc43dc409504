import {
  Badge,
  Card,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Select,
  Text,
  ToggleButton,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { formatNumber, Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { usePages, type Connection } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { CouplingTabs } from './coupling-tabs.js'
import {
  CancelReconciliationDocument,
  ReconcileDocument,
  ReconciliationDocument,
  ReconciliationItemsDocument,
  ReconciliationsDocument,
  RepairReconciliationDocument,
  type ReconciliationItemsQuery,
  type ReconciliationSummaryFragment,
  type ReconciliationVerdict,
  type RepairKeep,
} from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'

type Item = NonNullable<ReconciliationItemsQuery['reconciliation']>['items']['nodes'][number]

/** Between two looks at a comparison that is under way. */
const LOOK_EVERY = 1_500
const KEEPS = ['RECOMMENDED', 'LOCAL', 'INTEGRATION'] as const

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, flexShrink: 0 },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  bottom: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
  table: { display: 'flex', flexDirection: 'column', minHeight: '360px', flexGrow: 1 },
})

/** How many pairs of a mapping agree, which do not and why, and their repair. */
export function Agreement(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  return (
    <Page fill title={t('agreement.title')} lead={t('agreement.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen === null ? (
            <Text>{t('agreement.choose')}</Text>
          ) : (
            <OfMapping key={chosen.id} mapping={chosen} />
          )}
        </>
      )}
    </Page>
  )
}

function OfMapping({ mapping }: { readonly mapping: CoupledMapping }): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const names = { connection: mapping.connection.name, mapping: mapping.name }
  const [{ data, error }, refetch] = useQuery({
    query: ReconciliationsDocument,
    variables: names,
    requestPolicy: 'network-only',
  })
  const [own, setOwn] = useState<ReconciliationSummaryFragment | null>(null)
  const [busy, setBusy] = useState(false)
  const found = own ?? data?.reconciliations[0] ?? null
  const running = found?.status === 'RUNNING' ? found.id : null
  useEffect(() => {
    if (running === null) return undefined
    const timer = setInterval(() => {
      void client
        .query(ReconciliationDocument, { id: running }, { requestPolicy: 'network-only' })
        .toPromise()
        .then((answer) => {
          if (answer.data?.reconciliation != null) setOwn(answer.data.reconciliation)
        })
    }, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [client, running])

  async function compare(): Promise<void> {
    setBusy(true)
    const answer = await client.mutation(ReconcileDocument, names).toPromise()
    if (answer.error !== undefined) notify({ intent: 'error', title: failureOf(answer.error).message })
    if (answer.data !== undefined) setOwn(answer.data.reconcileMapping)
    setBusy(false)
  }

  if (data === undefined)
    return error === undefined ? (
      <LoadingState />
    ) : (
      <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
    )
  return (
    <>
      <Card className={styles.card} role="region" aria-label={t('agreement.summary')}>
        <div className={styles.line}>
          {found === null ? (
            <Text>{t('agreement.never')}</Text>
          ) : (
            <>
              {found.equalPercent !== null && (
                <Text size={800} weight="semibold">
                  <Quantity value={found.equalPercent / 100} as="percent" />
                </Text>
              )}
              <div style={{ flexGrow: 1, flexBasis: 240 }} role="status">
                <Text block>{found.summary}</Text>
                <Text size={200} className={styles.quiet}>
                  <Instant at={found.finishedAt ?? found.startedAt} as="ago" />
                </Text>
              </div>
            </>
          )}
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            disabled={busy || running !== null}
            onClick={() => void compare()}
          >
            {t(found === null ? 'agreement.compare' : 'agreement.compareAgain')}
          </AllowedButton>
          {running !== null && (
            <AllowedButton
              needs="OPERATOR"
              onClick={() => void client.mutation(CancelReconciliationDocument, { id: running }).toPromise()}
            >
              {t('agreement.cancel')}
            </AllowedButton>
          )}
        </div>
        {(busy || running !== null) && <ProgressBar aria-label={t('agreement.running')} />}
        {found?.message != null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{found.message}</MessageBarBody>
          </MessageBar>
        )}
      </Card>
      {found !== null && running === null && (
        <Items key={found.id + String(found.finishedAt)} found={found} />
      )}
    </>
  )
}

function Items({ found }: { readonly found: ReconciliationSummaryFragment }): ReactNode {
  const { t, i18n } = useTranslation('couplings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const notify = useNotify()
  const client = useClient()
  const [verdict, setVerdict] = useState<ReconciliationVerdict | null>(null)
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [keep, setKeep] = useState<RepairKeep>('RECOMMENDED')
  const [asked, setAsked] = useState(false)
  const pages = usePages({
    query: ReconciliationItemsDocument,
    variables: { id: found.id, filter: verdict === null ? {} : { verdict: [verdict] } },
    connection: ({ reconciliation }): Connection<Item> => ({
      nodes: reconciliation?.items.nodes ?? [],
      pageInfo: {
        endCursor: reconciliation?.items.endCursor ?? null,
        hasNextPage: reconciliation?.items.endCursor != null,
      },
    }),
  })
  const columns = useMemo<readonly Column<Item>[]>(
    () => [
      {
        id: 'verdict',
        title: t('agreement.columns.verdict'),
        width: '150px',
        cell: (item) => (
          <Badge appearance="tint" color={item.verdict === 'PENDING' ? 'informative' : 'warning'}>
            {t(`verdict.${item.verdict}`)}
          </Badge>
        ),
      },
      {
        id: 'record',
        title: t('agreement.columns.record'),
        width: 'minmax(120px, 2fr)',
        cell: (item) => item.localName ?? item.integrationName ?? item.localId ?? item.integrationId ?? '',
      },
      {
        id: 'fields',
        title: t('agreement.columns.fields'),
        width: 'minmax(160px, 3fr)',
        wideOnly: true,
        cell: (item) =>
          item.fields.length === 0
            ? item.reason
            : item.fields
                .map(
                  ({ localCaption, local, integration }) =>
                    `${localCaption}: ${String(local ?? t('blank'))} ≠ ${String(integration ?? t('blank'))}`,
                )
                .join(' · '),
      },
      {
        id: 'recommended',
        title: t('agreement.columns.recommended'),
        width: 'minmax(140px, 2fr)',
        wideOnly: true,
        cell: (item) =>
          item.repair == null
            ? item.recommended.text
            : `${t(`outcome.${item.repair.outcome}`)} ${item.repair.message ?? ''}`,
      },
    ],
    [t],
  )
  const differing = found.counts.filter((count) => count.verdict !== 'EQUAL')
  if (differing.length === 0)
    return found.status === 'COMPLETED' ? <EmptyState title={t('agreement.all')} /> : null
  return (
    <>
      <div className={styles.line} role="group" aria-label={t('agreement.filter')}>
        {differing.map((count) => (
          <ToggleButton
            key={count.verdict}
            size="small"
            checked={verdict === count.verdict}
            onClick={() => setVerdict(verdict === count.verdict ? null : count.verdict)}
          >
            {t(`verdict.${count.verdict}`)} {formatNumber(count.count, i18n.language)}
          </ToggleButton>
        ))}
      </div>
      <div className={styles.bottom}>
        <Field label={t('agreement.keep')}>
          <Select value={keep} onChange={(_event, { value }) => setKeep(value as RepairKeep)}>
            {KEEPS.map((one) => (
              <option key={one} value={one}>
                {t(`agreement.keeps.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <AllowedButton
          needs="OPERATOR"
          refusal={ids.size === 0 ? t('selectFirst') : null}
          onClick={() => setAsked(true)}
        >
          {t('agreement.repair', { count: ids.size })}
        </AllowedButton>
      </div>
      <div className={styles.table}>
        <DataTable
          label={t('agreement.items')}
          pages={pages}
          columns={columns}
          narrow={narrow}
          id={({ id }) => id}
          name={(item) => item.localName ?? item.integrationName ?? item.id}
          selection={{ ids, change: setIds }}
          empty={<EmptyState title={t('agreement.noneOfThese')} />}
        />
      </div>
      <ConfirmDialog
        open={asked}
        title={t('agreement.repairTitle', { count: ids.size })}
        confirm={t('agreement.repair', { count: ids.size })}
        onClose={() => setAsked(false)}
        onConfirm={async () => {
          const { data, error } = await client
            .mutation(RepairReconciliationDocument, { id: found.id, items: [...ids], keep })
            .toPromise()
          setAsked(false)
          if (error !== undefined) {
            notify({ intent: 'error', title: failureOf(error).message })
            return
          }
          const results = data?.repairReconciliation.results ?? []
          const good = results.filter(({ repair }) =>
            ['REPAIRED', 'UNCHANGED', 'RUNNING'].includes(repair.outcome),
          )
          notify({
            intent: good.length === results.length ? 'success' : 'warning',
            title: t('agreement.repaired', { count: good.length, of: results.length }),
            ...(results.find(({ repair }) => repair.message !== null)?.repair.message == null
              ? {}
              : { body: results.find(({ repair }) => repair.message !== null)?.repair.message }),
          })
          setIds(new Set())
          pages.reload()
        }}
      >
        <Text block>{t(`agreement.repairText.${keep}`)}</Text>
        <Text block>{t('agreement.repairBound')}</Text>
      </ConfirmDialog>
    </>
  )
}

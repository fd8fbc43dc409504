import { Badge, Field, makeStyles, Select, Text, ToggleButton, tokens } from '@fluentui/react-components'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { formatNumber } from '../../shared/quantity.js'
import { EmptyState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { usePages, type Connection } from '../../shared/use-pages.js'
import { useSelected } from '../../shared/use-selected.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  ReconciliationItemsDocument,
  RepairReconciliationDocument,
  type ReconciliationItemsQuery,
  type ReconciliationSummaryFragment,
  type ReconciliationVerdict,
  type RepairKeep,
} from './generated/graphql.js'

type Item = NonNullable<ReconciliationItemsQuery['reconciliation']>['items']['nodes'][number]

const KEEPS = ['RECOMMENDED', 'LOCAL', 'INTEGRATION'] as const

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  bottom: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  table: { display: 'flex', flexDirection: 'column', minHeight: '360px', flexGrow: 1 },
})

export function Items({ found }: { readonly found: ReconciliationSummaryFragment }): ReactNode {
  const { t, i18n } = useTranslation('couplings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const notify = useNotify()
  const client = useClient()
  const [verdict, setVerdict] = useState<ReconciliationVerdict | null>(null)
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
  const { ids, meant, change, clear } = useSelected(pages.rows, verdict)
  const columns = useMemo<readonly Column<Item>[]>(
    () => [
      {
        id: 'verdict',
        title: t('agreement.columns.verdict'),
        width: '130px',
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
        twoLines: true,
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
        width: 'minmax(140px, 3fr)',
        twoLines: true,
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
          refusal={meant.length === 0 ? t('selectFirst') : null}
          onClick={() => setAsked(true)}
        >
          {t('agreement.repair', { count: meant.length })}
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
          selection={{ ids, change }}
          empty={<EmptyState title={t('agreement.noneOfThese')} />}
        />
      </div>
      <ConfirmDialog
        open={asked}
        title={t('agreement.repairTitle', { count: meant.length })}
        confirm={t('agreement.repair', { count: meant.length })}
        onClose={() => setAsked(false)}
        onConfirm={async () => {
          const { data, error } = await client
            .mutation(RepairReconciliationDocument, { id: found.id, items: [...meant], keep })
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
          clear()
          pages.reload()
        }}
      >
        <Text block>{t(`agreement.repairText.${keep}`)}</Text>
        <Text block>{t('agreement.repairBound')}</Text>
      </ConfirmDialog>
    </>
  )
}

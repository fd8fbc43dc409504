import { Badge, makeStyles, Text, ToggleButton, tokens } from '@fluentui/react-components'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { formatNumber } from '../../shared/quantity.js'
import { RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { usePages, type Connection } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  ApplyMatchDocument,
  MatchItemsDocument,
  type MatchItemsQuery,
  type MatchPlanFragment,
  type PlanAction,
} from './generated/graphql.js'
import type { CoupledMapping } from './use-mappings.js'

type Item = NonNullable<MatchItemsQuery['plan']>['items']['nodes'][number]

const COLORS = {
  COUPLE: 'success',
  CREATE: 'brand',
  UPDATE: 'success',
  FAIL: 'danger',
  CONFLICT: 'warning',
  SKIP: 'subtle',
  DELETE: 'danger',
  UNCOUPLE: 'warning',
} as const satisfies Readonly<Record<PlanAction, string>>

/** What couples. */
const COUPLES: ReadonlySet<PlanAction> = new Set(['COUPLE', 'UPDATE', 'CREATE'])

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
  table: { display: 'flex', flexDirection: 'column', height: '480px' },
})

export function Preview({
  plan,
  mapping,
  onApplied,
}: {
  readonly plan: MatchPlanFragment
  readonly mapping: CoupledMapping
  readonly onApplied: () => void
}): ReactNode {
  const { t, i18n } = useTranslation('couplings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const notify = useNotify()
  const [action, setAction] = useState<PlanAction | null>(null)
  const [asked, setAsked] = useState(false)
  const [, apply] = useMutation(ApplyMatchDocument)
  const number = (value: number): string => formatNumber(value, i18n.language)
  const couples = plan.counts
    .filter((count) => COUPLES.has(count.action))
    .reduce((sum, { count }) => sum + count, 0)
  const coupledAlready = plan.jobs
    .flatMap(({ ignoredByReason }) => ignoredByReason)
    .filter(({ reason }) => reason === 'ALREADY_COUPLED')
    .reduce((sum, { count }) => sum + count, 0)
  const pages = usePages({
    query: MatchItemsDocument,
    variables: { id: plan.id, filter: action === null ? {} : { action: [action] } },
    connection: ({ plan: read }): Connection<Item> => ({
      nodes: read?.items.nodes ?? [],
      pageInfo: { endCursor: read?.items.endCursor ?? null, hasNextPage: read?.items.endCursor != null },
    }),
  })
  const columns = useMemo<readonly Column<Item>[]>(
    () => [
      {
        id: 'action',
        title: t('match.columns.action'),
        width: '150px',
        cell: (item) => (
          <Badge appearance="tint" color={COLORS[item.action]}>
            {t(`match.actions.${item.action}`)}
          </Badge>
        ),
      },
      {
        id: 'local',
        title: t('columns.local'),
        width: 'minmax(120px, 2fr)',
        cell: (item) => item.localName ?? item.localId ?? t('match.none'),
      },
      {
        id: 'integration',
        title: t('columns.integration'),
        width: 'minmax(120px, 2fr)',
        cell: (item) => item.integrationName ?? item.integrationId ?? t('match.none'),
      },
      {
        id: 'what',
        title: t('match.columns.what'),
        width: 'minmax(160px, 3fr)',
        wideOnly: true,
        cell: (item) =>
          item.failure?.message ??
          item.changes
            .map(({ caption, before, beforeName, after, afterName }) => {
              const [was, will] = [beforeName ?? before ?? t('blank'), afterName ?? after ?? t('blank')]
              return `${caption}: ${was} → ${will}`
            })
            .join(' · '),
      },
    ],
    [t],
  )
  const applied = plan.appliedBy
  return (
    <>
      {applied != null && (
        <RunProgress
          runId={applied.id}
          title={t('match.coupling', { name: mapping.name })}
          onEnded={() => onApplied()}
        />
      )}
      <div className={styles.line}>
        <div className={styles.line} role="group" aria-label={t('match.filter')}>
          {plan.counts.map((count) => (
            <ToggleButton
              key={count.action}
              size="small"
              checked={action === count.action}
              onClick={() => setAction(action === count.action ? null : count.action)}
            >
              {t(`match.actions.${count.action}`)} {number(count.count)}
            </ToggleButton>
          ))}
          {coupledAlready > 0 && (
            <Text className={styles.quiet}>{t('match.already', { count: coupledAlready })}</Text>
          )}
        </div>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          refusal={applied != null ? t('match.applied') : couples === 0 ? t('match.nothing') : null}
          onClick={() => setAsked(true)}
        >
          {t('match.apply', { count: couples })}
        </AllowedButton>
      </div>
      <div className={styles.table}>
        <DataTable
          label={t('match.result')}
          pages={pages}
          columns={columns}
          narrow={narrow}
          id={(item) => String(item.number)}
          name={(item) => item.localName ?? item.integrationName ?? String(item.number)}
          empty={<EmptyState title={t('match.nothing')} />}
        />
      </div>
      <ConfirmDialog
        open={asked}
        title={t('match.applyTitle', { count: couples, name: mapping.name })}
        confirm={t('match.apply', { count: couples })}
        onClose={() => setAsked(false)}
        onConfirm={async () => {
          const { error } = await apply({ id: plan.id, hash: plan.hash ?? '' })
          setAsked(false)
          if (error !== undefined) notify({ intent: 'error', title: failureOf(error).message })
          onApplied()
        }}
      >
        <Text block>{t('match.applyText')}</Text>
        <Text block>{t('match.applyLeft')}</Text>
      </ConfirmDialog>
    </>
  )
}

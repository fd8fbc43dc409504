import {
  Badge,
  Card,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  SearchBox,
  ToggleButton,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { formatNumber } from '../../shared/quantity.js'
import { durationOf, hasEnded, RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { usePages, type Connection } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  PlanDetailDocument,
  PlanItemsDocument,
  type PlanAction,
  type PlanDetailQuery,
  type PlanItemsQuery,
} from './generated/graphql.js'
import { ACTION_COLORS, ItemCard } from './item-card.js'
import { ApplyDialog, WRITES } from './apply-dialog.js'

export type Plan = NonNullable<PlanDetailQuery['plan']>

export type Item = NonNullable<PlanItemsQuery['plan']>['items']['nodes'][number]

/** Between two looks at a plan that is being made. */
const LOOK_EVERY = 1_500

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(320px, 2fr)',
    gap: tokens.spacingHorizontalL,
    flexGrow: 1,
    minHeight: '420px',
    '@media (max-width: 899px)': {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'minmax(360px, 1fr) auto',
    },
  },
  alone: { gridTemplateColumns: 'minmax(0, 1fr)' },
  list: { display: 'flex', flexDirection: 'column', minHeight: 0 },
  item: { overflow: 'auto', minHeight: 0 },
  link: { color: tokens.colorBrandForegroundLink },
})

export function PlanPage(): ReactNode {
  const { t } = useTranslation('plan')
  const { id = '' } = useParams()
  const [{ data, error }, refetch] = useQuery({ query: PlanDetailDocument, variables: { id } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  const plan = data?.plan
  const open = plan != null && !hasEnded(plan.status)
  useEffect(() => {
    if (!open) return undefined
    const timer = setInterval(() => refetch({ requestPolicy: 'network-only' }), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [open, refetch])
  if (plan != null) return <Loaded plan={plan} again={again} />
  if (error !== undefined) return <ErrorState failure={failureOf(error)} retry={again} />
  if (data === undefined) return <LoadingState />
  return <EmptyState title={t('gone')} />
}

function Loaded({ plan, again }: { readonly plan: Plan; readonly again: () => void }): ReactNode {
  const { t, i18n } = useTranslation('plan')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [action, setAction] = useState<PlanAction | null>(null)
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<Item | null>(null)
  const [asked, setAsked] = useState(false)
  const number = (value: number): string => formatNumber(value, i18n.language)
  const whole = plan.status === 'COMPLETED'
  const pages = usePages({
    query: PlanItemsDocument,
    variables: {
      id: plan.id,
      filter: { ...(action === null ? {} : { action: [action] }), ...(text === '' ? {} : { text }) },
    },
    connection: ({ plan: read }): Connection<Item> => ({
      nodes: read?.items.nodes ?? [],
      pageInfo: { endCursor: read?.items.endCursor ?? null, hasNextPage: read?.items.endCursor != null },
    }),
  })
  const { reload } = pages
  useEffect(() => {
    if (whole) reload()
    // Once, when the plan has become whole.
  }, [whole])
  const shown = opened ?? pages.rows[0] ?? null
  const columns = useMemo<readonly Column<Item>[]>(
    () => [
      {
        id: 'action',
        title: t('columns.action'),
        width: '120px',
        cell: (item) => (
          <Badge appearance="tint" color={ACTION_COLORS[item.action]}>
            {t(`actions.${item.action}`)}
          </Badge>
        ),
      },
      {
        id: 'record',
        title: t('columns.record'),
        width: 'minmax(120px, 2fr)',
        twoLines: true,
        cell: (item) => item.localName ?? item.integrationName ?? item.localId ?? item.integrationId ?? '',
      },
      {
        id: 'what',
        title: t('columns.what'),
        width: 'minmax(160px, 3fr)',
        twoLines: true,
        wideOnly: true,
        cell: (item) => item.failure?.message ?? item.changes.map(({ caption }) => caption).join(', '),
      },
    ],
    [t],
  )
  const writes = plan.counts
    .filter((count) => WRITES.has(count.action))
    .reduce((sum, { count }) => sum + count, 0)
  const refusal = !whole
    ? t('refusal.notWhole')
    : plan.appliedBy != null
      ? t('refusal.applied')
      : plan.mapping.version !== plan.mappingVersion
        ? t('refusal.changed')
        : writes === 0
          ? t('refusal.nothing')
          : null
  return (
    <Page
      fill
      title={t('of', { name: plan.mapping.name })}
      lead={
        <>
          {t(`modes.${plan.mode}`)} · {plan.requestedBy} · <Instant at={plan.requestedAt} />
          {plan.estimate != null && plan.counts.length > 0 && (
            <>
              {' · '}
              {t('estimate', {
                local: number(plan.estimate.localCalls),
                integration: number(plan.estimate.integrationCalls),
                localSystem: plan.mapping.connection.localSystem.caption,
                integrationSystem: plan.mapping.connection.integrationSystem.caption,
              })}
              {plan.estimate.seconds != null &&
                `, ${t('about', { duration: durationOf(plan.estimate.seconds, i18n.language) })}`}
            </>
          )}
        </>
      }
      actions={
        <AllowedButton needs="OPERATOR" appearance="primary" refusal={refusal} onClick={() => setAsked(true)}>
          {t('apply', { count: writes })}
        </AllowedButton>
      }
    >
      {plan.message != null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{plan.message}</MessageBarBody>
        </MessageBar>
      )}
      {refusal !== null && whole && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {refusal}{' '}
            <Link
              className={styles.link}
              to={`/plan?${new URLSearchParams({ connection: plan.mapping.connection.name, mapping: plan.mapping.name })}`}
            >
              {t('another')}
            </Link>
          </MessageBarBody>
        </MessageBar>
      )}
      {plan.appliedBy != null && (
        <RunProgress
          runId={plan.appliedBy.id}
          title={t('applying')}
          onEnded={() => {
            again()
            pages.reload()
          }}
        />
      )}
      {!whole && plan.message == null ? (
        <LoadingState label={t('making')} />
      ) : (
        <>
          <div className={styles.filters} role="group" aria-label={t('filter')}>
            <ToggleButton size="small" checked={action === null} onClick={() => setAction(null)}>
              {t('all')} {number(plan.counts.reduce((sum, { count }) => sum + count, 0))}
            </ToggleButton>
            {plan.counts.map((count) => (
              <ToggleButton
                key={count.action}
                size="small"
                checked={action === count.action}
                onClick={() => {
                  setOpened(null)
                  setAction(action === count.action ? null : count.action)
                }}
              >
                {t(`actions.${count.action}`)} {number(count.count)}
              </ToggleButton>
            ))}
            <SearchBox
              size="small"
              aria-label={t('search')}
              placeholder={t('search')}
              value={text}
              onChange={(_event, { value }) => setText(value)}
            />
          </div>
          <div className={mergeClasses(styles.columns, shown === null && styles.alone)}>
            <div className={styles.list}>
              <DataTable
                label={t('records')}
                pages={pages}
                columns={columns}
                narrow={narrow}
                id={(item) => String(item.number)}
                name={(item) => item.localName ?? item.integrationName ?? String(item.number)}
                onOpen={setOpened}
                openId={shown === null ? null : String(shown.number)}
                empty={<EmptyState title={t(plan.counts.length === 0 ? 'agree' : 'noneOfThese')} />}
              />
            </div>
            {shown !== null && (
              <Card className={styles.item} role="region" aria-label={t('item')} tabIndex={0}>
                <ItemCard item={shown} plan={plan} />
              </Card>
            )}
          </div>
        </>
      )}
      {asked && <ApplyDialog plan={plan} onClose={() => setAsked(false)} onApplied={again} />}
    </Page>
  )
}

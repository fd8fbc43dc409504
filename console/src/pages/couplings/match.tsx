import {
  Badge,
  Card,
  Checkbox,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Subtitle1,
  ToggleButton,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient, useMutation } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { Page } from '../../shared/page.js'
import { formatNumber } from '../../shared/quantity.js'
import { hasEnded, RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { usePages, type Connection } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { CouplingTabs } from './coupling-tabs.js'
import {
  ApplyMatchDocument,
  MatchItemsDocument,
  MatchPreviewDocument,
  PreviewMatchDocument,
  type MatchItemsQuery,
  type MatchPlanFragment,
  type PlanAction,
} from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'

type Item = NonNullable<MatchItemsQuery['plan']>['items']['nodes'][number]

/** Between two looks at a preview that is being made. */
const LOOK_EVERY = 1_500
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
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  rules: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
  table: { display: 'flex', flexDirection: 'column', height: '480px' },
})

/** Match-based coupling: by which rules, what would come of it, and only then the coupling itself. */
export function MatchPage(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  return (
    <Page title={t('match.title')} lead={t('match.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen === null ? (
            <Text>{t('match.choose')}</Text>
          ) : (
            <Match key={chosen.id} mapping={chosen} onCoupled={reload} />
          )}
        </>
      )}
    </Page>
  )
}

function Match({
  mapping,
  onCoupled,
}: {
  readonly mapping: CoupledMapping
  readonly onCoupled: () => void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const [createNew, setCreateNew] = useState(mapping.matchBasedCoupling.createNew)
  const [afterwards, setAfterwards] = useState(mapping.matchBasedCoupling.synchronizeAfterwards)
  const [plan, setPlan] = useState<MatchPlanFragment | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const connection = mapping.connection.name

  async function preview(): Promise<void> {
    setBusy(true)
    setFailure(null)
    setPlan(null)
    const { data, error } = await client
      .mutation(PreviewMatchDocument, {
        connection,
        mapping: mapping.name,
        createNew,
        synchronizeAfterwards: afterwards,
      })
      .toPromise()
    if (error !== undefined) setFailure(failureOf(error))
    if (data !== undefined) setPlan(data.planMapping)
    setBusy(false)
  }

  async function look(id: string): Promise<void> {
    const { data } = await client
      .query(MatchPreviewDocument, { id }, { requestPolicy: 'network-only' })
      .toPromise()
    if (data?.plan != null) setPlan(data.plan)
  }

  const waitsFor = plan !== null && !hasEnded(plan.status) ? plan.id : null
  useEffect(() => {
    if (waitsFor === null) return undefined
    const timer = setInterval(() => void look(waitsFor), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [waitsFor])

  const settings = `/mappings/${encodeURIComponent(connection)}/${encodeURIComponent(mapping.name)}`
  return (
    <>
      <Card className={styles.card}>
        <Subtitle1 as="h2">{t('match.rules')}</Subtitle1>
        {mapping.matchRules.length === 0 ? (
          <Text>{t('match.noRules')}</Text>
        ) : (
          <ol className={styles.rules}>
            {mapping.matchRules
              .toSorted((one, other) => one.priority - other.priority)
              .map((rule) => (
                <li key={rule.priority}>
                  {rule.pairs
                    .map(({ localField, integrationField }) => `${localField} = ${integrationField}`)
                    .join(', ')}{' '}
                  {rule.caseSensitive && <Text className={styles.quiet}>({t('match.caseSensitive')})</Text>}
                </li>
              ))}
          </ol>
        )}
        <Link to={settings} className={styles.link}>
          {t('match.changeRules')}
        </Link>
        <div>
          <Checkbox
            label={t('match.createNew')}
            checked={createNew}
            onChange={(_event, { checked }) => setCreateNew(checked === true)}
          />
          <Checkbox
            label={t('match.afterwards')}
            checked={afterwards}
            onChange={(_event, { checked }) => setAfterwards(checked === true)}
          />
        </div>
        {failure !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>
              {failure.message} {failure.remedy}
            </MessageBarBody>
          </MessageBar>
        )}
        <div className={styles.line}>
          <AllowedButton
            needs="OPERATOR"
            appearance={plan === null ? 'primary' : 'secondary'}
            refusal={mapping.matchRules.length === 0 ? t('match.noRules') : null}
            disabled={busy}
            onClick={() => void preview()}
          >
            {t('match.preview')}
          </AllowedButton>
          <span role="status">
            {(busy || waitsFor !== null) && <Spinner size="tiny" label={t('match.previewing')} />}
          </span>
        </div>
      </Card>
      {plan !== null && plan.status === 'COMPLETED' && (
        <Preview
          key={plan.id}
          plan={plan}
          mapping={mapping}
          onApplied={() => {
            void look(plan.id)
            onCoupled()
          }}
        />
      )}
      {plan?.message != null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{plan.message}</MessageBarBody>
        </MessageBar>
      )}
    </>
  )
}

function Preview({
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

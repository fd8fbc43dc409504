import {
  Badge,
  Button,
  Card,
  CounterBadge,
  makeStyles,
  Menu,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarBody,
  Tab,
  TabList,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowSyncRegular, ChevronDownRegular } from '@fluentui/react-icons'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { useRefusal } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { RunProgress } from '../../shared/runs/run-progress.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useMappingActions } from './actions.js'
import { DirectionMark } from './direction-mark.js'
import { FieldsTab } from './fields-tab.js'
import { FiltersTab } from './filters-tab.js'
import { MappingDetailDocument } from './generated/graphql.js'
import { mappingPath } from './mapping-path.js'
import { ProblemsTab } from './problems-tab.js'
import { SaveBar } from './save-bar.js'
import { SettingsTab } from './settings-tab.js'
import { useTables } from './use-tables.js'
import { useDraft, type Mapping } from './use-draft.js'

const VersionsTab = lazy(() => import('./versions-tab.js'))

const TABS = ['settings', 'filters', 'fields', 'versions', 'problems'] as const
type TabName = (typeof TABS)[number]

const useStyles = makeStyles({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
  },
  fact: { display: 'flex', flexDirection: 'column' },
  quiet: { color: tokens.colorNeutralForeground2 },
  line: { display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  tabs: { overflowX: 'auto', flexShrink: 0 },
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
})

export function MappingPage(): ReactNode {
  const { connection = '', name = '' } = useParams()
  const { t } = useTranslation('mappings')
  const [{ data, error }, refetch] = useQuery({
    query: MappingDetailDocument,
    variables: { connection, name },
  })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  const mapping = data?.integrationTableMapping
  if (mapping != null) return <Loaded key={mapping.id} mapping={mapping} again={again} />
  if (error !== undefined) return <ErrorState failure={failureOf(error)} retry={again} />
  if (data === undefined) return <LoadingState />
  return (
    <EmptyState title={t('gone', { name })}>
      <Link to="/mappings">{t('title')}</Link>
    </EmptyState>
  )
}

function Loaded({ mapping, again }: { readonly mapping: Mapping; readonly again: () => void }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const navigate = useNavigate()
  const { '*': rest = '' } = useParams()
  const tab: TabName = TABS.find((one) => one === rest) ?? 'settings'
  const [search, setSearch] = useSearchParams()
  const [runTitle, setRunTitle] = useState<string | null>(null)
  const runId = search.get('run')
  const draft = useDraft(mapping)
  const tables = useTables({ ...mapping, connection: mapping.connection.name })
  const refusal = useRefusal('ADMINISTRATOR')
  const actions = useMappingActions({
    mapping,
    onRun: (id, title) => {
      setRunTitle(title)
      setSearch({ run: id })
    },
    onChanged: again,
  })
  const place = mapping.connection.name
  const problems = mapping.problems.length + mapping.warnings.length
  return (
    <Page
      title={mapping.name}
      lead={
        <span className={styles.line}>
          {mapping.localTableCaption ?? mapping.localTable} ({mapping.connection.localSystem.caption})
          <DirectionMark direction={mapping.direction} />
          {mapping.integrationTableCaption ?? mapping.integrationTable} (
          {mapping.connection.integrationSystem.caption})
        </span>
      }
      actions={
        <>
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            icon={<ArrowSyncRegular />}
            onClick={() => void actions.synchronize()}
          >
            {t('actions.modified')}
          </AllowedButton>
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button icon={<ChevronDownRegular />} iconPosition="after">
                {t('actions.more')}
              </Button>
            </MenuTrigger>
            <MenuPopover>{actions.items}</MenuPopover>
          </Menu>
        </>
      }
    >
      <Standing mapping={mapping} />
      {runId !== null && (
        <RunProgress
          key={runId}
          runId={runId}
          title={runTitle ?? t('runTitle.MODIFIED', { name: mapping.name })}
          onEnded={again}
        />
      )}
      <TabList
        selectedValue={tab}
        onTabSelect={(_event, { value }) =>
          void navigate({
            pathname: mappingPath(place, mapping.name, String(value)),
            search: search.toString(),
          })
        }
        className={styles.tabs}
      >
        {TABS.map((name) => (
          <Tab
            key={name}
            value={name}
            id={`tab-${name}`}
            aria-controls={name === tab ? 'tab-panel' : undefined}
          >
            {t(`tabs.${name}`)}
            {name === 'problems' && problems > 0 && (
              <>
                {' '}
                <CounterBadge
                  count={problems}
                  size="small"
                  color={mapping.problems.length > 0 ? 'danger' : 'informative'}
                />
              </>
            )}
          </Tab>
        ))}
      </TabList>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
        {refusal !== null && tab !== 'versions' && tab !== 'problems' && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>{refusal}</MessageBarBody>
          </MessageBar>
        )}
        {tab === 'settings' && (
          <SettingsTab mapping={mapping} draft={draft} tables={tables} readOnly={refusal !== null} />
        )}
        {tab === 'filters' && <FiltersTab draft={draft} tables={tables} readOnly={refusal !== null} />}
        {tab === 'fields' && (
          <FieldsTab mapping={mapping} draft={draft} tables={tables} readOnly={refusal !== null} />
        )}
        {tab === 'versions' && (
          <Suspense fallback={<LoadingState />}>
            <VersionsTab mapping={mapping} onRestored={again} />
          </Suspense>
        )}
        {tab === 'problems' && <ProblemsTab mapping={mapping} />}
      </div>
      <SaveBar mapping={mapping} draft={draft} onSaved={again} />
      {actions.dialog}
    </Page>
  )
}

/** How the mapping stands: counters, watermarks, schedule. */
function Standing({ mapping }: { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { pausedAt, pausedBy, sleepsUntil, nextScheduledAt, connection, direction } = mapping
  const held = pausedAt ?? connection.pausedAt
  const counts = [
    [
      'couplings',
      mapping.couplings,
      `/couplings?${new URLSearchParams({ connection: connection.name, mapping: mapping.name })}`,
    ],
    ['openErrors', mapping.openErrors, null],
    ['skipped', mapping.skippedRecords, null],
    ['pending', mapping.pendingRecords, null],
  ] as const
  return (
    <Card>
      <div className={styles.facts}>
        <Fact term={t('columns.state')}>
          {connection.disabledAt != null ? (
            <Badge appearance="tint" color="warning">
              {t('state.disabled')}
            </Badge>
          ) : held != null ? (
            <>
              <Badge appearance="tint" color="warning">
                {t(pausedAt == null ? 'state.connectionPaused' : 'state.paused')}
              </Badge>{' '}
              {pausedBy ?? connection.pausedBy} <Instant at={held} as="ago" />
            </>
          ) : (
            <>
              <Badge appearance="tint" color={sleepsUntil == null ? 'success' : 'informative'}>
                {t(sleepsUntil == null ? 'state.awake' : 'state.asleep')}
              </Badge>
              {nextScheduledAt != null && (
                <Text size={200} className={styles.quiet}>
                  {' '}
                  {t(sleepsUntil == null ? 'state.next' : 'state.looks')}{' '}
                  <Instant at={nextScheduledAt} as="ago" />
                </Text>
              )}
            </>
          )}
        </Fact>
        {counts.map(([name, value, to]) => (
          <Fact key={name} term={t(`columns.${name}`)}>
            {to === null ? (
              <Quantity value={value} />
            ) : (
              <Link to={to} style={{ color: tokens.colorBrandForegroundLink }}>
                <Quantity value={value} />
              </Link>
            )}
          </Fact>
        ))}
        {direction !== 'FROM_INTEGRATION_TABLE' && (
          <Fact term={t('watermark.to')}>
            <Instant at={mapping.toWatermark} none={t('watermark.none')} />
          </Fact>
        )}
        {direction !== 'TO_INTEGRATION_TABLE' && (
          <Fact term={t('watermark.from')}>
            <Instant at={mapping.fromWatermark} none={t('watermark.none')} />
          </Fact>
        )}
        <Fact term={t('version')}>
          {mapping.version}
          {mapping.lastChange != null && (
            <Text size={200} className={styles.quiet}>
              {' '}
              {mapping.lastChange.author} <Instant at={mapping.lastChange.at} as="ago" />
            </Text>
          )}
        </Fact>
      </div>
    </Card>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.fact}>
      <Text size={200} className={styles.quiet}>
        {term}
      </Text>
      <span>{children}</span>
    </div>
  )
}

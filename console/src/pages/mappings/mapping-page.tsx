import {
  Button,
  CounterBadge,
  makeStyles,
  Menu,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarBody,
  Tab,
  TabList,
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
import { Page } from '../../shared/page.js'
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
import { Standing } from './standing.js'
import { useTables } from './use-tables.js'
import { useDraft, type Mapping } from './use-draft.js'

const VersionsTab = lazy(() => import('./versions-tab.js'))

const TABS = ['settings', 'filters', 'fields', 'versions', 'problems'] as const
type TabName = (typeof TABS)[number]

const useStyles = makeStyles({
  line: { display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  tabs: { flexWrap: 'wrap', flexShrink: 0 },
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
    onDeleted: () => void navigate('/mappings'),
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

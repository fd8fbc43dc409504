import { Tab, TabList } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { MappingFilter } from '../../shared/common-filters.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { FilterChoice, FilterSearch, useFilter } from '../../shared/filters.js'
import { Page } from '../../shared/page.js'
import { EntryList } from './entry-list.js'
import { ErrorMappingsDocument, type ErrorClass } from './generated/graphql.js'
import { GroupList } from './group-list.js'
import { PurgeDialog, type Purge } from './purge-dialog.js'

const CLASSES: readonly ErrorClass[] = [
  'AMBIGUOUS_MATCH',
  'CONFLICT',
  'DELETED_RECORD',
  'DEPENDENCY_MISSING',
  'DUPLICATE',
  'PERMISSION',
  'SETUP',
  'THROTTLED',
  'UNAVAILABLE',
  'UNEXPECTED',
  'VALIDATION',
]
const SEVEN_DAYS = 7

/** Errors by root cause first; every single entry second. */
export function ErrorsHome(): ReactNode {
  const { t } = useTranslation('errors')
  const { t: common } = useTranslation()
  const [view, setView] = useFilter('view')
  const [mapping] = useFilter('mapping')
  const [connection] = useFilter('connection')
  const [errorClass] = useFilter('class')
  const [text] = useFilter('text')
  const [state] = useFilter('state')
  const [purge, setPurge] = useState<Purge | null>(null)
  const [{ data }] = useQuery({ query: ErrorMappingsDocument })
  const filter = {
    ...(mapping === null ? {} : { mapping }),
    ...(connection === null ? {} : { connection }),
    ...(errorClass === null ? {} : { errorClass: [errorClass as ErrorClass] }),
    ...(text === null ? {} : { text }),
  }
  const entries = view === 'entries'
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        <>
          <AllowedButton needs="ADMINISTRATOR" onClick={() => setPurge({ days: SEVEN_DAYS })}>
            {t('purge.older', { days: SEVEN_DAYS })}
          </AllowedButton>
          <AllowedButton needs="ADMINISTRATOR" onClick={() => setPurge({ days: null })}>
            {t('purge.all')}
          </AllowedButton>
        </>
      }
    >
      <TabList
        selectedValue={entries ? 'entries' : 'groups'}
        onTabSelect={(_event, { value }) => setView(value === 'entries' ? 'entries' : null)}
      >
        <Tab value="groups">{t('groups')}</Tab>
        <Tab value="entries">{t('entries')}</Tab>
      </TabList>
      <FilterBar label={common('filter.label')}>
        <MappingFilter label={common('filter.mapping')} mappings={data?.integrationTableMappings ?? []} />
        <FilterChoice
          name="class"
          label={t('columns.class')}
          options={CLASSES.map((value) => ({ value, text: common(`errorClass.${value}`) }))}
        />
        <FilterChoice
          name="state"
          label={t('columns.state')}
          initial="open"
          options={(['open', 'resolved', 'snoozed', 'all'] as const)
            .filter((value) => !(entries && value === 'snoozed'))
            .map((value) => ({ value, text: t(`states.${value}`) }))}
        />
        <FilterSearch name="text" label={common('filter.search')} />
      </FilterBar>
      {entries ? (
        <EntryList filter={filter} state={state ?? 'open'} />
      ) : (
        <GroupList filter={filter} state={state ?? 'open'} />
      )}
      {purge !== null && <PurgeDialog purge={purge} close={() => setPurge(null)} />}
    </Page>
  )
}

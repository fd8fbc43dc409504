import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import {
  ClearFilters,
  MappingFilter,
  oneOf,
  SpanFilter,
  useIsFiltered,
  useSpan,
} from '../../shared/common-filters.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { FilterChoice, FilterSearch } from '../../shared/filters.js'
import type { IntegrationSynchJobFilter } from './generated/graphql.js'
import { useMappings } from './use-runs-change.js'

const STATUSES = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
const DIRECTIONS = ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] as const
const NAMES = ['connection', 'mapping', 'direction', 'status', 'began', 'text'] as const

/** What the address asks for, as a filter of the API; everything that is not there does not filter. */
export function useJobFilter(): { readonly filter: IntegrationSynchJobFilter; readonly isFiltered: boolean } {
  const [search] = useSearchParams()
  const status = oneOf(STATUSES, search.get('status'))
  const filter = {
    connection: search.get('connection'),
    mapping: search.get('mapping'),
    direction: oneOf(DIRECTIONS, search.get('direction')),
    status: status === null ? null : [status],
    text: search.get('text'),
    time: useSpan(search.get('began')),
  }
  return { filter, isFiltered: useIsFiltered(NAMES) }
}

/** The filters of the log; they stand in the address, so that they can be kept and sent. */
export function JobFilters(): ReactNode {
  const { t } = useTranslation(['jobs', 'console'])
  return (
    <FilterBar label={t('filters.label')}>
      <MappingFilter label={t('filters.mapping')} mappings={useMappings()} />
      <FilterChoice
        name="direction"
        label={t('filters.direction')}
        options={DIRECTIONS.map((value) => ({ value, text: t(`directions.${value}`) }))}
      />
      <FilterChoice
        name="status"
        label={t('filters.status')}
        options={STATUSES.map((value) => ({ value, text: t(`console:outcome.${value}`) }))}
      />
      <SpanFilter name="began" label={t('filters.began')} />
      <FilterSearch name="text" label={t('filters.text')} />
      <ClearFilters names={NAMES} />
    </FilterBar>
  )
}

import { Checkbox } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import {
  ClearFilters,
  MappingFilter,
  oneOf,
  SpanFilter,
  useIsFiltered,
  useSpan,
} from '../../shared/common-filters.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { FilterChoice, FilterSearch, useFilter } from '../../shared/filters.js'
import { WriteMappingsDocument, type RecordWriteFilter } from './generated/graphql.js'

const KINDS = ['CREATE', 'UPDATE', 'DELETE'] as const
const SIDES = ['LOCAL', 'INTEGRATION'] as const
const NAMES = ['connection', 'mapping', 'kind', 'side', 'time', 'text', 'lost', 'run'] as const

/** What the address asks for, as a filter of the API. */
export function useWriteFilter(): { readonly filter: RecordWriteFilter; readonly isFiltered: boolean } {
  const [search] = useSearchParams()
  const kind = oneOf(KINDS, search.get('kind'))
  const filter = {
    connection: search.get('connection'),
    mapping: search.get('mapping'),
    kind: kind === null ? null : [kind],
    side: oneOf(SIDES, search.get('side')),
    text: search.get('text'),
    run: search.get('run'),
    lost: search.get('lost') === null ? null : true,
    time: useSpan(search.get('time')),
  }
  return { filter, isFiltered: useIsFiltered(NAMES) }
}

/** The filters of the list of writes; they stand in the address. */
export function WriteFilters(): ReactNode {
  const { t } = useTranslation('history')
  const [{ data }] = useQuery({ query: WriteMappingsDocument })
  const [lost, setLost] = useFilter('lost')
  return (
    <FilterBar label={t('filters.label')}>
      <MappingFilter label={t('filters.mapping')} mappings={data?.integrationTableMappings ?? []} />
      <FilterChoice
        name="kind"
        label={t('filters.kind')}
        options={KINDS.map((value) => ({ value, text: t(`kinds.${value}`) }))}
      />
      <FilterChoice
        name="side"
        label={t('filters.side')}
        options={SIDES.map((value) => ({ value, text: t(`sides.${value}`) }))}
      />
      <SpanFilter name="time" label={t('filters.time')} />
      <FilterSearch name="text" label={t('filters.text')} />
      <Checkbox
        label={t('filters.lostOnly')}
        checked={lost !== null}
        onChange={(_event, { checked }) => setLost(checked === true ? 'true' : null)}
      />
      <ClearFilters names={NAMES} />
    </FilterBar>
  )
}

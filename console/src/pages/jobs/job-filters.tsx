import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { FilterBar } from '../../shared/filter-bar.js'
import type { IntegrationSynchJobFilter } from './generated/graphql.js'
import { useMappings } from './use-runs-change.js'

const STATUSES = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
const DIRECTIONS = ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] as const
/** Hours that a span of the filter reaches back. */
const SPANS = { hour: 1, day: 24, week: 168, month: 720 } as const
type Span = keyof typeof SPANS
const NAMES = ['connection', 'mapping', 'direction', 'status', 'began', 'text'] as const
/** Milliseconds after the last key until what is typed is searched for. */
const TYPED = 300

function oneOf<Name extends string>(names: readonly Name[], text: string | null): Name | null {
  return names.find((name) => name === text) ?? null
}

/** What the address asks for, as a filter of the API; everything that is not there does not filter. */
export function useJobFilter(): { readonly filter: IntegrationSynchJobFilter; readonly isFiltered: boolean } {
  const [search] = useSearchParams()
  const [began, setBegan] = useState<string | null>(null)
  const span = oneOf(Object.keys(SPANS) as Span[], search.get('began'))
  // The beginning of the span stays while the filter does, so that the list is not another with every reading.
  useEffect(() => {
    setBegan(span === null ? null : new Date(Date.now() - SPANS[span] * 3_600_000).toISOString())
  }, [span])
  const status = oneOf(STATUSES, search.get('status'))
  const filter = {
    connection: search.get('connection'),
    mapping: search.get('mapping'),
    direction: oneOf(DIRECTIONS, search.get('direction')),
    status: status === null ? null : [status],
    text: search.get('text'),
    time: began === null || span === null ? null : { from: began },
  }
  return { filter, isFiltered: NAMES.some((name) => search.get(name) !== null) }
}

/** The filters of the log; they stand in the address, so that they can be kept and sent. */
export function JobFilters(): ReactNode {
  const { t } = useTranslation(['jobs', 'console'])
  const mappings = useMappings()
  const [search, setSearch] = useSearchParams()
  const [text, setText] = useState(search.get('text') ?? '')

  function set(values: Readonly<Record<string, string>>): void {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(values)) {
          if (value === '') after.delete(name)
          else after.set(name, value)
        }
        return after
      },
      { replace: true },
    )
  }
  useEffect(() => {
    if (text === (search.get('text') ?? '')) return undefined
    const timer = setTimeout(() => set({ text }), TYPED)
    return () => clearTimeout(timer)
  })
  const chosen = `${search.get('connection') ?? ''}/${search.get('mapping') ?? ''}`
  return (
    <FilterBar label={t('filters.label')}>
      <Field label={t('filters.mapping')}>
        <Select
          value={chosen}
          onChange={(_event, { value }) => {
            const one = mappings.find(({ name, connection }) => `${connection.name}/${name}` === value)
            set({ mapping: one?.name ?? '', connection: one?.connection.name ?? '' })
          }}
        >
          <option value="/">{t('filters.all')}</option>
          {mappings.map(({ id, name, connection }) => (
            <option key={id} value={`${connection.name}/${name}`}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.direction')}>
        <Select
          value={search.get('direction') ?? ''}
          onChange={(_event, { value }) => set({ direction: value })}
        >
          <option value="">{t('filters.all')}</option>
          {DIRECTIONS.map((direction) => (
            <option key={direction} value={direction}>
              {t(`directions.${direction}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.status')}>
        <Select value={search.get('status') ?? ''} onChange={(_event, { value }) => set({ status: value })}>
          <option value="">{t('filters.all')}</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`console:outcome.${status}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.began')}>
        <Select value={search.get('began') ?? ''} onChange={(_event, { value }) => set({ began: value })}>
          <option value="">{t('filters.anyTime')}</option>
          {Object.keys(SPANS).map((span) => (
            <option key={span} value={span}>
              {t(`filters.${span}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.text')}>
        <Input type="search" value={text} onChange={(_event, { value }) => setText(value)} />
      </Field>
      <Button
        disabled={NAMES.every((name) => search.get(name) === null)}
        onClick={() => {
          setText('')
          setSearch({}, { replace: true })
        }}
      >
        {t('filters.clear')}
      </Button>
    </FilterBar>
  )
}

import { Button, Checkbox, Field, Input, Select } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { FilterBar } from '../../shared/filter-bar.js'
import { WriteMappingsDocument, type RecordWriteFilter } from './generated/graphql.js'

const KINDS = ['CREATE', 'UPDATE', 'DELETE'] as const
const SIDES = ['LOCAL', 'INTEGRATION'] as const
/** Hours that a span of the filter reaches back. */
const SPANS = { hour: 1, day: 24, week: 168, month: 720 } as const
type Span = keyof typeof SPANS
const NAMES = ['connection', 'mapping', 'kind', 'side', 'time', 'text', 'lost', 'run'] as const
/** Milliseconds after the last key until what is typed is searched for. */
const TYPED = 300

function oneOf<Name extends string>(names: readonly Name[], text: string | null): Name | null {
  return names.find((name) => name === text) ?? null
}

/** What the address asks for, as a filter of the API. */
export function useWriteFilter(): { readonly filter: RecordWriteFilter; readonly isFiltered: boolean } {
  const [search] = useSearchParams()
  const span = oneOf(Object.keys(SPANS) as Span[], search.get('time'))
  const [since, setSince] = useState<string | null>(null)
  // The beginning of the span stays while the filter does, so that the list is not another with every reading.
  useEffect(() => {
    setSince(span === null ? null : new Date(Date.now() - SPANS[span] * 3_600_000).toISOString())
  }, [span])
  const kind = oneOf(KINDS, search.get('kind'))
  const filter = {
    connection: search.get('connection'),
    mapping: search.get('mapping'),
    kind: kind === null ? null : [kind],
    side: oneOf(SIDES, search.get('side')),
    text: search.get('text'),
    run: search.get('run'),
    lost: search.get('lost') === null ? null : true,
    time: since === null || span === null ? null : { from: since },
  }
  return { filter, isFiltered: NAMES.some((name) => search.get(name) !== null) }
}

/** The filters of the list of writes; they stand in the address. */
export function WriteFilters(): ReactNode {
  const { t } = useTranslation('history')
  const [{ data }] = useQuery({ query: WriteMappingsDocument })
  const mappings = data?.integrationTableMappings ?? []
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
  return (
    <FilterBar label={t('filters.label')}>
      <Field label={t('filters.mapping')}>
        <Select
          value={`${search.get('connection') ?? ''}/${search.get('mapping') ?? ''}`}
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
      <Field label={t('filters.kind')}>
        <Select value={search.get('kind') ?? ''} onChange={(_event, { value }) => set({ kind: value })}>
          <option value="">{t('filters.all')}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kinds.${kind}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.side')}>
        <Select value={search.get('side') ?? ''} onChange={(_event, { value }) => set({ side: value })}>
          <option value="">{t('filters.all')}</option>
          {SIDES.map((side) => (
            <option key={side} value={side}>
              {t(`sides.${side}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('filters.time')}>
        <Select value={search.get('time') ?? ''} onChange={(_event, { value }) => set({ time: value })}>
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
      <Checkbox
        label={t('filters.lostOnly')}
        checked={search.get('lost') !== null}
        onChange={(_event, { checked }) => set({ lost: checked === true ? 'true' : '' })}
      />
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

import { Button, Field, Select } from '@fluentui/react-components'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useFilter } from './filters.js'
import { mappingChoices, type ChoosableMapping } from './mapping-choices.js'

/** Hours that a span of time reaches back. */
const SPANS = { hour: 1, day: 24, week: 168, month: 720 } as const
type Span = keyof typeof SPANS

/** The member of `names` that stands in an address; null: none of them does. */
export function oneOf<Name extends string>(names: readonly Name[], text: string | null): Name | null {
  return names.find((name) => name === text) ?? null
}

export interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A span of time that ends now. */
export function SpanSelect({ label, value, onChange }: ChoiceProps): ReactNode {
  const { t } = useTranslation()
  return (
    <Field label={label}>
      <Select value={value} onChange={(_event, data) => onChange(data.value)}>
        <option value="">{t('filter.anyTime')}</option>
        {Object.keys(SPANS).map((span) => (
          <option key={span} value={span}>
            {t(`filter.${span}`)}
          </option>
        ))}
      </Select>
    </Field>
  )
}

/** Narrows a list to a span of time, by a name of the address. */
export function SpanFilter({ name, label }: { readonly name: string; readonly label: string }): ReactNode {
  const [chosen, choose] = useFilter(name)
  return <SpanSelect label={label} value={chosen ?? ''} onChange={choose} />
}

/** The beginning of a span as the API takes it. It stays while the span does, so that the list is not another with every reading. */
export function useSpan(chosen: string | null): { readonly from: string } | null {
  const span = oneOf(Object.keys(SPANS) as Span[], chosen)
  return useMemo(
    () => (span === null ? null : { from: new Date(Date.now() - SPANS[span] * 3_600_000).toISOString() }),
    [span],
  )
}

export interface MappingFilterProps {
  readonly label: string
  readonly mappings: readonly ChoosableMapping[]
}

/** One mapping, or all of a connection, by `mapping` and `connection` of the address. */
export function MappingFilter({ label, mappings }: MappingFilterProps): ReactNode {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const { choices, chosen } = mappingChoices(
    mappings,
    { mapping: search.get('mapping'), connection: search.get('connection') },
    { all: t('filter.all'), ofConnection: (connection) => t('filter.ofConnection', { connection }) },
  )
  function choose(value: string): void {
    const one = choices.find((choice) => choice.value === value)
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        for (const name of ['mapping', 'connection'] as const) {
          const named = one?.[name] ?? null
          if (named === null) after.delete(name)
          else after.set(name, named)
        }
        return after
      },
      { replace: true },
    )
  }
  return (
    <Field label={label}>
      <Select value={chosen} onChange={(_event, { value }) => choose(value)}>
        {choices.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </Select>
    </Field>
  )
}

/** Whether any of the filters of these names stands in the address. */
export function useIsFiltered(names: readonly string[]): boolean {
  const [search] = useSearchParams()
  return names.some((name) => search.get(name) !== null)
}

/** Takes the filters of these names out of the address. */
export function ClearFilters({ names }: { readonly names: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  const [, setSearch] = useSearchParams()
  const isFiltered = useIsFiltered(names)
  return (
    <Button
      disabled={!isFiltered}
      onClick={() =>
        setSearch(
          (before) => {
            const after = new URLSearchParams(before)
            for (const name of names) after.delete(name)
            return after
          },
          { replace: true },
        )
      }
    >
      {t('filter.clear')}
    </Button>
  )
}

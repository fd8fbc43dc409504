import { Button, Field, Select } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useFilter } from './filters.js'

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
  const [since, setSince] = useState<string | null>(null)
  useEffect(() => {
    setSince(span === null ? null : new Date(Date.now() - SPANS[span] * 3_600_000).toISOString())
  }, [span])
  return span === null || since === null ? null : { from: since }
}

export interface MappingFilterProps {
  readonly label: string
  readonly mappings: readonly {
    readonly id: string
    readonly name: string
    readonly connection: { readonly name: string }
  }[]
}

/** One mapping, by `mapping` and `connection` of the address, since two connections may have one of the same name. */
export function MappingFilter({ label, mappings }: MappingFilterProps): ReactNode {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const several = new Set(mappings.map(({ connection }) => connection.name)).size > 1
  function choose(value: string): void {
    const one = mappings.find(({ name, connection }) => `${connection.name}/${name}` === value)
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        after.delete('mapping')
        after.delete('connection')
        if (one !== undefined) {
          after.set('mapping', one.name)
          after.set('connection', one.connection.name)
        }
        return after
      },
      { replace: true },
    )
  }
  return (
    <Field label={label}>
      <Select
        value={`${search.get('connection') ?? ''}/${search.get('mapping') ?? ''}`}
        onChange={(_event, { value }) => choose(value)}
      >
        <option value="/">{t('filter.all')}</option>
        {mappings.map(({ id, name, connection }) => (
          <option key={id} value={`${connection.name}/${name}`}>
            {several ? `${name} (${connection.name})` : name}
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

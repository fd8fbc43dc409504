import { Field, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Table, TableField } from './use-tables.js'

export interface FieldPickerProps {
  readonly label: string
  readonly table: Table | null
  /** Name of the field; empty: none. */
  readonly value: string
  readonly readOnly: boolean
  /** What no field is called, where there may be none. */
  readonly none?: string
  readonly className?: string
  /** Left out: fields that can be mapped. */
  readonly allow?: (field: TableField) => boolean
  onChange(name: string): void
}

/** A field of a table, by its caption. One that the table has no more stays to be seen. */
export function FieldPicker(props: FieldPickerProps): ReactNode {
  const {
    label,
    table,
    value,
    readOnly,
    none,
    className,
    allow = ({ mappable }) => mappable,
    onChange,
  } = props
  const { t } = useTranslation('mappings')
  const fields = (table?.fields ?? [])
    .filter(allow)
    .toSorted((one, other) => one.caption.localeCompare(other.caption))
  const known = fields.some(({ name }) => name === value)
  return (
    <Field label={label} {...(className === undefined ? {} : { className })}>
      <Select value={value} disabled={readOnly} onChange={(_event, { value: chosen }) => onChange(chosen)}>
        {(none !== undefined || value === '') && <option value="">{none ?? t('field.choose')}</option>}
        {!known && value !== '' && <option value={value}>{value}</option>}
        {fields.map((field) => (
          <option key={field.name} value={field.name}>
            {field.caption} ({field.name})
          </option>
        ))}
      </Select>
    </Field>
  )
}

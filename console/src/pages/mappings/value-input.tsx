import { Field, Input, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentValue } from './document.js'
import type { TableField } from './use-tables.js'

/** What a value begins as when its field is chosen. */
export function firstValue(field: TableField | undefined): DocumentValue {
  return field?.type === 'BOOLEAN' ? true : field?.type === 'OPTION' ? (field.members?.[0] ?? '') : ''
}

/** A value in the way its type is typed. */
export function ValueInput({
  label,
  className,
  field,
  value,
  readOnly,
  onChange,
}: {
  readonly label: string
  readonly className?: string
  readonly field: TableField | undefined
  readonly value: DocumentValue
  readonly readOnly: boolean
  onChange(value: DocumentValue): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const text = value === null ? '' : String(value)
  const chosen = (
    options: readonly (readonly [string, string])[],
    read: (value: string) => DocumentValue,
  ) => (
    <Select value={text} disabled={readOnly} onChange={(_event, { value: one }) => onChange(read(one))}>
      {!options.some(([one]) => one === text) && (
        <option value={text}>{text === '' ? t('blank') : text}</option>
      )}
      {options.map(([one, shown]) => (
        <option key={one} value={one}>
          {shown}
        </option>
      ))}
    </Select>
  )
  return (
    <Field label={label} {...(className === undefined ? {} : { className })}>
      {field?.type === 'BOOLEAN' ? (
        chosen(
          [
            ['true', t('yes')],
            ['false', t('no')],
          ],
          (one) => one === 'true',
        )
      ) : field?.type === 'OPTION' && field.members !== null && field.members.length > 0 ? (
        chosen(
          field.members.map((member) => [member, member]),
          (one) => one,
        )
      ) : (
        <Input
          type={inputType(field)}
          disabled={readOnly}
          value={text}
          onChange={(_event, { value: typed }) => onChange(typed)}
        />
      )}
    </Field>
  )
}

function inputType(field: TableField | undefined): 'text' | 'date' | 'number' {
  switch (field?.type) {
    case 'DATE':
      return 'date'
    case 'INTEGER':
      return 'number'
    default:
      return 'text'
  }
}

import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components'
import { AddRegular, DeleteRegular, GroupListRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { COMPARISONS, type ComparisonSign, type Condition, type FilterDocument } from './document.js'
import { FieldPicker } from './field-picker.js'
import type { Table } from './use-tables.js'
import { ValueInput } from './value-input.js'

const useStyles = makeStyles({
  group: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    paddingInlineStart: tokens.spacingHorizontalM,
    borderInlineStartWidth: '3px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: tokens.colorBrandStroke2,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  field: { flexGrow: 2, flexBasis: '110px', minWidth: 0 },
  comparison: { flexGrow: 1, flexBasis: '90px', minWidth: 0 },
  value: { flexGrow: 1, flexBasis: '90px', minWidth: 0 },
})

/** The comparisons that have a meaning for a type. */
const ORDERED: readonly ComparisonSign[] = ['=', '<>', '<', '<=', '>', '>=', 'in', 'blank']
const TEXTUAL: readonly ComparisonSign[] = ['=', '<>', 'beginsWith', 'contains', 'in', 'blank']
const EXACT: readonly ComparisonSign[] = ['=', '<>', 'in', 'blank']
const BY_TYPE: Readonly<Record<string, readonly ComparisonSign[]>> = {
  TEXT: TEXTUAL,
  CODE: TEXTUAL,
  BOOLEAN: ['=', '<>', 'blank'],
  OPTION: EXACT,
  GUID: EXACT,
  LOOKUP: EXACT,
}

export function newCondition(table: Table | null): Condition {
  const field = table?.fields.find(({ mappable }) => mappable)
  return { field: field?.name ?? '', comparison: '=', value: field?.type === 'BOOLEAN' ? true : '' }
}

export interface FilterBuilderProps {
  readonly table: Table | null
  readonly filter: FilterDocument
  readonly readOnly: boolean
  /** Null: nothing of it is left. */
  onChange(filter: FilterDocument | null): void
}

/** A filter as a tree: conditions, and groups of them of which all hold, or at least one. */
export function FilterBuilder({ table, filter, readOnly, onChange }: FilterBuilderProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  if ('field' in filter)
    return <ConditionRow table={table} condition={filter} readOnly={readOnly} onChange={onChange} />
  const isAnd = 'and' in filter
  const parts = isAnd ? filter.and : filter.or
  const group = (children: readonly FilterDocument[], and = isAnd): FilterDocument | null =>
    children.length === 0 ? null : and ? { and: children } : { or: children }
  return (
    <div className={styles.group} role="group" aria-label={t(isAnd ? 'filter.allHold' : 'filter.oneHolds')}>
      <Field label={t('filter.group')}>
        <Select
          value={isAnd ? 'and' : 'or'}
          disabled={readOnly}
          onChange={(_event, { value }) => onChange(group(parts, value === 'and'))}
        >
          <option value="and">{t('filter.allHold')}</option>
          <option value="or">{t('filter.oneHolds')}</option>
        </Select>
      </Field>
      {parts.map((part, index) => (
        <FilterBuilder
          key={index}
          table={table}
          filter={part}
          readOnly={readOnly}
          onChange={(changed) =>
            onChange(group(changed === null ? parts.toSpliced(index, 1) : parts.with(index, changed)))
          }
        />
      ))}
      <div className={styles.row}>
        <Button
          size="small"
          icon={<AddRegular />}
          disabled={readOnly}
          onClick={() => onChange(group([...parts, newCondition(table)]))}
        >
          {t('filter.addCondition')}
        </Button>
        <Button
          size="small"
          icon={<GroupListRegular />}
          disabled={readOnly}
          onClick={() => {
            const inner = [newCondition(table)]
            onChange(group([...parts, isAnd ? { or: inner } : { and: inner }]))
          }}
        >
          {t('filter.addGroup')}
        </Button>
      </div>
    </div>
  )
}

function ConditionRow({
  table,
  condition,
  readOnly,
  onChange,
}: {
  readonly table: Table | null
  readonly condition: Condition
  readonly readOnly: boolean
  onChange(condition: Condition | null): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const field = table?.fields.find(({ name }) => name === condition.field)
  const allowed = BY_TYPE[field?.type ?? ''] ?? ORDERED
  const comparisons = allowed.includes(condition.comparison) ? allowed : [...allowed, condition.comparison]
  return (
    <div
      className={styles.row}
      role="group"
      aria-label={t('filter.condition', { field: field?.caption ?? condition.field })}
    >
      <FieldPicker
        className={styles.field}
        label={t('filter.field')}
        table={table}
        value={condition.field}
        readOnly={readOnly}
        onChange={(name) => {
          const type = table?.fields.find((one) => one.name === name)?.type
          onChange({ field: name, comparison: '=', value: type === 'BOOLEAN' ? true : '' })
        }}
      />
      <Field label={t('filter.comparison')} className={styles.comparison}>
        <Select
          value={condition.comparison}
          disabled={readOnly}
          onChange={(_event, { value }) => onChange(withComparison(condition, value as ComparisonSign))}
        >
          {comparisons.map((sign) => (
            <option key={sign} value={sign}>
              {t(`comparison.${COMPARISONS[sign]}`)}
            </option>
          ))}
        </Select>
      </Field>
      {condition.comparison === 'in' && (
        <Field label={t('filter.values')} className={styles.value}>
          <Input
            disabled={readOnly}
            value={(condition.values ?? []).map((value) => value ?? '').join(', ')}
            onChange={(_event, { value }) =>
              onChange({ ...condition, values: value.split(',').map((part) => part.trim()) })
            }
          />
        </Field>
      )}
      {condition.comparison !== 'in' && condition.comparison !== 'blank' && (
        <ValueInput
          label={t('filter.value')}
          className={styles.value}
          field={field}
          value={condition.value ?? null}
          readOnly={readOnly}
          onChange={(value) => onChange({ ...condition, value })}
        />
      )}
      <Button
        appearance="subtle"
        icon={<DeleteRegular />}
        disabled={readOnly}
        aria-label={t('filter.remove', { field: field?.caption ?? condition.field })}
        onClick={() => onChange(null)}
      />
    </div>
  )
}

function withComparison(condition: Condition, comparison: ComparisonSign): Condition {
  const { field, value, values } = condition
  if (comparison === 'blank') return { field, comparison }
  if (comparison === 'in') return { field, comparison, values: values ?? [value ?? ''] }
  return { field, comparison, value: value ?? values?.[0] ?? '' }
}

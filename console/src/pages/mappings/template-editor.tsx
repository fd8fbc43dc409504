import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components'
import { AddRegular, DeleteRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentValue } from './document.js'
import { FieldPicker } from './field-picker.js'
import { FilterBuilder, newCondition } from './filter-builder.js'
import type { Template } from './template-settings.js'
import { captionOf, type Table } from './use-tables.js'
import { firstValue, ValueInput } from './value-input.js'

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1, flexBasis: '110px', minWidth: 0 },
  priority: { flexBasis: '90px', flexGrow: 0, minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface TemplateEditorProps {
  readonly template: Template
  /** The table in which records are created. */
  readonly table: Table | null
  /** The table of the records from which they are created. */
  readonly source: Table | null
  readonly readOnly: boolean
  onChange(template: Template): void
  onRemove(): void
}

/** One template: its values, and the records for which it is used. */
export function TemplateEditor(props: TemplateEditorProps): ReactNode {
  const { template, table, source, readOnly, onChange, onRemove } = props
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { name, priority, filter } = template
  const values = Object.entries(template.values) as readonly (readonly [string, DocumentValue])[]
  const set = (changed: readonly (readonly [string, DocumentValue])[]): void =>
    onChange({ ...template, values: Object.fromEntries(changed) })
  const fieldOf = (field: string) => table?.fields.find((one) => one.name === field)
  const free = table?.fields.find((field) => isFree(field, values, ''))
  return (
    <div role="group" aria-label={t('templates.one', { name })} className={styles.root}>
      <div className={styles.row}>
        <Field label={t('templates.name')} className={styles.grow}>
          <Input
            value={name}
            disabled={readOnly}
            onChange={(_event, { value }) => onChange({ ...template, name: value })}
          />
        </Field>
        <Field label={t('templates.priority')} className={styles.priority}>
          <Input
            type="number"
            value={String(priority)}
            disabled={readOnly}
            onChange={(_event, { value }) => onChange({ ...template, priority: Number(value) })}
          />
        </Field>
        <Button
          appearance="subtle"
          icon={<DeleteRegular />}
          disabled={readOnly}
          aria-label={t('templates.remove', { name })}
          onClick={onRemove}
        />
      </div>
      {values.map(([field, value], index) => (
        <div key={index} className={styles.row}>
          <FieldPicker
            className={styles.grow}
            label={t('filter.field')}
            table={table}
            value={field}
            readOnly={readOnly}
            allow={(one) => isFree(one, values, field)}
            onChange={(chosen) => set(values.with(index, [chosen, firstValue(fieldOf(chosen))]))}
          />
          <ValueInput
            className={styles.grow}
            label={t('filter.value')}
            field={fieldOf(field)}
            value={value}
            readOnly={readOnly}
            onChange={(changed) => set(values.with(index, [field, changed]))}
          />
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            disabled={readOnly}
            aria-label={t('templates.removeValue', { field: captionOf(table, field) })}
            onClick={() => set(values.toSpliced(index, 1))}
          />
        </div>
      ))}
      <div className={styles.row}>
        <Button
          size="small"
          icon={<AddRegular />}
          disabled={readOnly || free === undefined}
          onClick={() => {
            if (free !== undefined) set([...values, [free.name, firstValue(free)]])
          }}
        >
          {t('templates.addValue')}
        </Button>
        {filter === null && (
          <>
            <Button
              size="small"
              disabled={readOnly || source === null}
              onClick={() => onChange({ ...template, filter: { and: [newCondition(source)] } })}
            >
              {t('templates.limit')}
            </Button>
            <Text size={200} className={styles.quiet}>
              {t('templates.forAll')}
            </Text>
          </>
        )}
      </div>
      {filter !== null && (
        <>
          <Text size={200} className={styles.quiet}>
            {t('templates.forSome', { table: source?.caption ?? '' })}
          </Text>
          <FilterBuilder
            table={source}
            filter={filter}
            readOnly={readOnly}
            onChange={(changed) => onChange({ ...template, filter: changed })}
          />
        </>
      )}
    </div>
  )
}

/** Whether a template can give a field a value that no other line of it does; `kept`: the field of the line itself. */
function isFree(
  field: Table['fields'][number],
  values: readonly (readonly [string, unknown])[],
  kept: string,
): boolean {
  if (field.name === kept) return true
  return field.mappable && !field.readOnly && !values.some(([name]) => name === field.name)
}

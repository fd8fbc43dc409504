import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EMPTY_FIELD, fieldName, type FieldDocument } from './document.js'
import { FieldPicker } from './field-picker.js'
import { FieldPreview } from './field-preview.js'
import type { Direction, Side } from './generated/graphql.js'
import { LookupPicker } from './lookup-picker.js'
import { OptionMapEditor } from './option-map-editor.js'
import { RuleList } from './rule-list.js'
import type { Mapping } from './use-draft.js'
import type { Tables } from './use-tables.js'

const useStyles = makeStyles({
  surface: { maxWidth: 'min(960px, 96vw)' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  pair: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 240px), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
  },
  flags: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL },
})

export interface FieldEditorProps {
  readonly mapping: Mapping
  /** Of the mapping as it is being changed. */
  readonly direction: Direction
  readonly tables: Tables
  readonly readOnly: boolean
  /** Null: a new one. */
  readonly field: FieldDocument | null
  /** Names of the others: two cannot pair the same fields. */
  readonly taken: readonly string[]
  onChange(field: FieldDocument): void
  onClose(): void
}

/** One field mapping, with what it makes of real records beside it. */
export default function FieldEditor(props: FieldEditorProps): ReactNode {
  const { mapping, direction, tables, readOnly, taken, onChange, onClose } = props
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [field, setField] = useState<FieldDocument>(props.field ?? { ...EMPTY_FIELD, direction })
  const change = (part: Partial<FieldDocument>): void => setField((before) => ({ ...before, ...part }))
  const { localField, integrationField } = field
  const problem =
    localField === null && integrationField === null
      ? t('editor.noField')
      : taken.includes(fieldName(field))
        ? t('editor.taken')
        : null
  const isConstant = localField === null || integrationField === null
  const directions: readonly Direction[] = isConstant
    ? [localField === null ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE']
    : direction === 'BIDIRECTIONAL'
      ? ['BIDIRECTIONAL', 'TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE']
      : [direction]
  const ends = (part: Pick<Partial<FieldDocument>, 'localField' | 'integrationField'>): void => {
    const after = { ...field, ...part }
    const way: Direction =
      after.localField === null
        ? 'TO_INTEGRATION_TABLE'
        : after.integrationField === null
          ? 'FROM_INTEGRATION_TABLE'
          : isConstant
            ? direction
            : field.direction
    change({ ...part, direction: way })
  }
  const flags = ['truncate', 'notNull', 'clearValueOnFailedSync'] as const
  const local = tables.local?.fields.find(({ name }) => name === localField)
  const integration = tables.integration?.fields.find(({ name }) => name === integrationField)
  const isLookup = local?.type === 'LOOKUP' || integration?.type === 'LOOKUP'
  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t(props.field === null ? 'editor.new' : 'editor.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <div className={styles.pair}>
              <FieldPicker
                label={`${mapping.connection.localSystem.caption}: ${tables.local?.caption ?? mapping.localTable}`}
                table={tables.local}
                value={localField ?? ''}
                none={t('fields.constant')}
                readOnly={readOnly}
                onChange={(name) => ends({ localField: name === '' ? null : name })}
              />
              <Field label={t('setting.direction')}>
                <Select
                  value={field.direction}
                  disabled={readOnly}
                  onChange={(_event, { value }) => change({ direction: value as Direction })}
                >
                  {!directions.includes(field.direction) && (
                    <option value={field.direction}>{t(`direction.${field.direction}`)}</option>
                  )}
                  {directions.map((one) => (
                    <option key={one} value={one}>
                      {t(`direction.${one}`)}
                    </option>
                  ))}
                </Select>
              </Field>
              <FieldPicker
                label={`${mapping.connection.integrationSystem.caption}: ${tables.integration?.caption ?? mapping.integrationTable}`}
                table={tables.integration}
                value={integrationField ?? ''}
                none={t('fields.constant')}
                readOnly={readOnly}
                onChange={(name) => ends({ integrationField: name === '' ? null : name })}
              />
            </div>
            <div className={styles.pair}>
              {isConstant && (
                <Field label={t('editor.constant')} hint={t('editor.constantHint')}>
                  <Input
                    disabled={readOnly}
                    value={field.constant === null ? '' : String(field.constant)}
                    onChange={(_event, { value }) => change({ constant: value === '' ? null : value })}
                  />
                </Field>
              )}
              <Field label={t('fields.statusColumn')}>
                <Select
                  value={field.status}
                  disabled={readOnly}
                  onChange={(_event, { value }) => change({ status: value as FieldDocument['status'] })}
                >
                  <option value="ENABLED">{t('fields.status.ENABLED')}</option>
                  <option value="DISABLED">{t('fields.status.DISABLED')}</option>
                </Select>
              </Field>
              <Field label={t('fields.owner')} hint={t('editor.ownerHint')}>
                <Select
                  value={field.owner ?? ''}
                  disabled={readOnly}
                  onChange={(_event, { value }) => change({ owner: value === '' ? null : (value as Side) })}
                >
                  <option value="">{t('editor.nobody')}</option>
                  <option value="LOCAL">{t('side.LOCAL')}</option>
                  <option value="INTEGRATION">{t('side.INTEGRATION')}</option>
                </Select>
              </Field>
              {(isLookup || field.lookupMappings.length > 0) && (
                <LookupPicker
                  mappings={mapping.connection.mappings}
                  local={local}
                  integration={integration}
                  chosen={field.lookupMappings}
                  readOnly={readOnly}
                  onChange={(lookupMappings) => change({ lookupMappings })}
                />
              )}
            </div>
            <div className={styles.flags}>
              {flags.map((flag) => (
                <Checkbox
                  key={flag}
                  label={t(`fields.${flag}`)}
                  checked={field[flag]}
                  disabled={readOnly}
                  onChange={(_event, { checked }) => change({ [flag]: checked === true })}
                />
              ))}
            </div>
            {(field.optionMap !== null || (!isConstant && field.lookupMappings.length === 0)) && (
              <OptionMapEditor
                local={local}
                integration={integration}
                direction={field.direction}
                pairs={field.optionMap}
                readOnly={readOnly}
                onChange={(optionMap) => change({ optionMap })}
              />
            )}
            {field.direction !== 'FROM_INTEGRATION_TABLE' && (
              <RuleList
                label={t('editor.rulesTo')}
                rules={field.transformTo}
                readOnly={readOnly}
                onChange={(transformTo) => change({ transformTo })}
              />
            )}
            {field.direction !== 'TO_INTEGRATION_TABLE' && (
              <RuleList
                label={t('editor.rulesFrom')}
                rules={field.transformFrom}
                readOnly={readOnly}
                onChange={(transformFrom) => change({ transformFrom })}
              />
            )}
            {problem === null ? (
              <FieldPreview mapping={mapping} field={field} />
            ) : (
              <Text role="status">{problem}</Text>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t(readOnly ? 'editor.close' : 'editor.cancel')}</Button>
            {!readOnly && (
              <Button appearance="primary" disabled={problem !== null} onClick={() => onChange(field)}>
                {t('editor.apply')}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

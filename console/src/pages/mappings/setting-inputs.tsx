import { Field, Input, makeStyles, Select, Switch, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MappingDocument } from './document.js'
import type { Draft } from './use-draft.js'

/** How the cards of settings look. */
export const useSettingStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  column: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  grow: { flexGrow: 1, flexBasis: '160px', minWidth: 0 },
})

type EnumKey = 'direction' | 'conflictDetection' | 'updateConflictPolicy' | 'deletionConflictPolicy'

/** A setting that is one of a closed set. */
export function Choice<Key extends EnumKey>({
  draft,
  name,
  values,
  readOnly,
}: {
  readonly draft: Draft
  readonly name: Key
  readonly values: readonly MappingDocument[Key][]
  readonly readOnly: boolean
}): ReactNode {
  const { t } = useTranslation('mappings')
  const value = draft.document[name]
  // What a choice is called stands under the name of its setting.
  const textOf = (key: string): string => t(key as 'setting.direction')
  return (
    <Field label={textOf(`setting.${name}`)} hint={textOf(`choiceHint.${value}`)}>
      <Select
        value={value}
        disabled={readOnly}
        onChange={(_event, { value: chosen }) => draft.set(name, chosen as MappingDocument[Key])}
      >
        {values.map((one) => (
          <option key={one} value={one}>
            {textOf(`${name}.${one}`)}
          </option>
        ))}
      </Select>
    </Field>
  )
}

type FlagKey = 'synchOnlyCoupledRecords' | 'wakeOnChange' | 'bulkUpdates'

/** A setting that is on or off. */
export function Flag({
  draft,
  name,
  readOnly,
}: {
  readonly draft: Draft
  readonly name: FlagKey
  readonly readOnly: boolean
}): ReactNode {
  const { t } = useTranslation('mappings')
  return (
    <Field hint={t(`hint.${name}`)}>
      <Switch
        label={t(`setting.${name}`)}
        checked={draft.document[name]}
        disabled={readOnly}
        onChange={(_event, { checked }) => draft.set(name, checked)}
      />
    </Field>
  )
}

/** A whole number, or none. */
export function Whole({
  label,
  hint,
  value,
  readOnly,
  minimum,
  onChange,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: number | null
  readonly readOnly: boolean
  readonly minimum: number
  onChange(value: number | null): void
}): ReactNode {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <Input
        type="number"
        min={minimum}
        value={value === null ? '' : String(value)}
        disabled={readOnly}
        onChange={(_event, { value: typed }) => onChange(typed === '' ? null : Number(typed))}
      />
    </Field>
  )
}

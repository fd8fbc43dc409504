import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  Select,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { AddRegular, ArrowDownRegular, ArrowUpRegular, DeleteRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import type { RuleDocument } from './document.js'
import { TransformationTypesDocument, type TransformationTypesQuery } from './generated/graphql.js'

type RuleType = TransformationTypesQuery['transformationRules']['types'][number]
type Setting = RuleType['settings'][number]

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  rule: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  type: { flexGrow: 1, flexBasis: '160px', minWidth: 0 },
  settings: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 180px), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface RuleListProps {
  readonly label: string
  readonly rules: readonly RuleDocument[]
  readonly readOnly: boolean
  onChange(rules: readonly RuleDocument[]): void
}

/** Transformation rules, applied in order; what each needs comes from the API's own description of it. */
export function RuleList({ label, rules, readOnly, onChange }: RuleListProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [{ data }] = useQuery({ query: TransformationTypesDocument, requestPolicy: 'cache-first' })
  const types = data?.transformationRules.types ?? []
  const [first] = types
  const move = (from: number, to: number): void => {
    const rule = rules[from]
    if (rule !== undefined) onChange(rules.toSpliced(from, 1).toSpliced(to, 0, rule))
  }
  return (
    <div role="group" aria-label={label} className={styles.root}>
      <Text weight="semibold" as="h3">
        {label}
      </Text>
      {rules.map((rule, index) => {
        const type = types.find((one) => one.type === rule.type)
        const place = { place: index + 1, rule: type?.caption ?? rule.type }
        return (
          <div key={index} className={styles.rule} role="group" aria-label={t('rule.name', place)}>
            <div className={styles.head}>
              <Field label={t('rule.type', place)} className={styles.type}>
                <Select
                  value={rule.type}
                  disabled={readOnly}
                  onChange={(_event, { value }) => onChange(rules.with(index, { type: value }))}
                >
                  {type === undefined && <option value={rule.type}>{rule.type}</option>}
                  {types.map((one) => (
                    <option key={one.type} value={one.type}>
                      {one.caption}
                    </option>
                  ))}
                </Select>
              </Field>
              <Button
                appearance="subtle"
                icon={<ArrowUpRegular />}
                disabled={readOnly || index === 0}
                aria-label={t('rule.up', place)}
                onClick={() => move(index, index - 1)}
              />
              <Button
                appearance="subtle"
                icon={<ArrowDownRegular />}
                disabled={readOnly || index === rules.length - 1}
                aria-label={t('rule.down', place)}
                onClick={() => move(index, index + 1)}
              />
              <Button
                appearance="subtle"
                icon={<DeleteRegular />}
                disabled={readOnly}
                aria-label={t('rule.remove', place)}
                onClick={() => onChange(rules.toSpliced(index, 1))}
              />
            </div>
            {type !== undefined && (
              <Text size={200} className={styles.quiet}>
                {type.description} {type.difference}
              </Text>
            )}
            {type !== undefined && type.settings.length > 0 && (
              <div className={styles.settings}>
                {type.settings.map((setting) => (
                  <SettingInput
                    key={setting.name}
                    setting={setting}
                    value={rule[setting.name]}
                    readOnly={readOnly}
                    onChange={(value) => onChange(rules.with(index, withSetting(rule, setting.name, value)))}
                  />
                ))}
              </div>
            )}
          </div>
        )
      })}
      <div>
        <Button
          size="small"
          icon={<AddRegular />}
          disabled={readOnly || first === undefined}
          onClick={() => {
            if (first !== undefined) onChange([...rules, { type: first.type }])
          }}
        >
          {t('rule.add')}
        </Button>
      </div>
    </div>
  )
}

/** A setting that is not given has its default. */
function withSetting(rule: RuleDocument, name: string, value: unknown): RuleDocument {
  const { [name]: _before, ...rest } = rule
  return (value === undefined ? rest : { ...rest, [name]: value }) as RuleDocument
}

function SettingInput({
  setting,
  value,
  readOnly,
  onChange,
}: {
  readonly setting: Setting
  readonly value: unknown
  readonly readOnly: boolean
  onChange(value: unknown): void
}): ReactNode {
  const label = { children: setting.caption, title: setting.description }
  const text = value === undefined || value === null ? '' : String(value)
  const placeholder = setting.default == null ? '' : String(setting.default)
  switch (setting.type) {
    case 'BOOLEAN':
      return (
        <Checkbox
          label={setting.caption}
          checked={value === true || (value === undefined && setting.default === true)}
          disabled={readOnly}
          onChange={(_event, { checked }) => onChange(checked === true)}
        />
      )
    case 'OPTION':
      return (
        <Field label={label} required={setting.required}>
          <Select
            value={text}
            disabled={readOnly}
            onChange={(_event, { value: chosen }) => onChange(chosen === '' ? undefined : chosen)}
          >
            <option value="">{placeholder}</option>
            {setting.options
              ?.filter((option) => option !== placeholder)
              .map((option) => (
                <option key={option} value={option}>
                  {option}
                </option>
              ))}
          </Select>
        </Field>
      )
    case 'LOOKUP_ENTRIES':
      return <EntriesInput setting={setting} value={value} readOnly={readOnly} onChange={onChange} />
    default:
      return (
        <Field label={label} required={setting.required}>
          <Input
            type={setting.type === 'INTEGER' || setting.type === 'DECIMAL' ? 'number' : 'text'}
            value={text}
            placeholder={placeholder}
            disabled={readOnly}
            onChange={(_event, { value: typed }) =>
              onChange(typed === '' ? undefined : setting.type === 'TEXT' ? typed : Number(typed))
            }
          />
        </Field>
      )
  }
}

/** Lines `from = to`. */
function EntriesInput({
  setting,
  value,
  readOnly,
  onChange,
}: {
  readonly setting: Setting
  readonly value: unknown
  readonly readOnly: boolean
  onChange(value: unknown): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const entries = Array.isArray(value)
    ? (value as readonly { readonly from?: string; readonly to?: string }[])
    : []
  return (
    <Field label={setting.caption} hint={t('rule.entriesHint')} required={setting.required}>
      <Textarea
        defaultValue={entries.map(({ from, to }) => `${from ?? ''} = ${to ?? ''}`).join('\n')}
        disabled={readOnly}
        onChange={(_event, { value: typed }) =>
          onChange(
            typed
              .split('\n')
              .filter((line) => line.includes('='))
              .map((line) => {
                const place = line.indexOf('=')
                return { from: line.slice(0, place).trim(), to: line.slice(place + 1).trim() }
              }),
          )
        }
      />
    </Field>
  )
}

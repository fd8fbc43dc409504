import {
  Card,
  Checkbox,
  Field,
  Input,
  makeStyles,
  Select,
  SpinButton,
  Switch,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MappingDocument } from './document.js'
import { ScheduleEditor } from './schedule-editor.js'
import type { Draft, Mapping } from './use-draft.js'
import type { Tables } from './use-tables.js'
import { Matching } from './matching-settings.js'
import { DELETION_POLICIES, DETECTIONS, DIRECTIONS, UPDATE_POLICIES } from './policies.js'

const useStyles = makeStyles({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
  },
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
  grow: { flexGrow: 1, flexBasis: '160px', minWidth: 0 },
})

export interface TabProps {
  readonly draft: Draft
  readonly tables: Tables
  readonly readOnly: boolean
}

/** Settings of a mapping by subject, under Business Central's captions where it has them. */
export function SettingsTab(props: TabProps & { readonly mapping: Mapping }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.grid}>
      <Conflicts {...props} />
      <Scheduling {...props} />
      <Matching {...props} />
      <Others {...props} />
    </div>
  )
}

type EnumKey = 'direction' | 'conflictDetection' | 'updateConflictPolicy' | 'deletionConflictPolicy'

/** A setting that is one of a closed set. */
function Choice<Key extends EnumKey>({
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

function Flag({
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
function Whole({
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

function Conflicts({ draft, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { deletionReview } = draft.document
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.conflicts')}</Subtitle1>
      <Choice draft={draft} name="direction" values={DIRECTIONS} readOnly={readOnly} />
      <Flag draft={draft} name="synchOnlyCoupledRecords" readOnly={readOnly} />
      <Choice draft={draft} name="conflictDetection" values={DETECTIONS} readOnly={readOnly} />
      <Choice draft={draft} name="updateConflictPolicy" values={UPDATE_POLICIES} readOnly={readOnly} />
      <Choice draft={draft} name="deletionConflictPolicy" values={DELETION_POLICIES} readOnly={readOnly} />
      <div className={styles.row}>
        <Field label={t('deletionReview.percent')} className={styles.grow}>
          <SpinButton
            min={0}
            max={100}
            value={deletionReview.percent}
            displayValue={String(deletionReview.percent)}
            disabled={readOnly}
            onChange={(_event, { value, displayValue }) => {
              const percent = value ?? Number(displayValue)
              if (Number.isFinite(percent)) draft.set('deletionReview', { ...deletionReview, percent })
            }}
          />
        </Field>
        <Field label={t('deletionReview.minimum')} className={styles.grow}>
          <SpinButton
            min={0}
            value={deletionReview.minimum}
            displayValue={String(deletionReview.minimum)}
            disabled={readOnly}
            onChange={(_event, { value, displayValue }) => {
              const minimum = value ?? Number(displayValue)
              if (Number.isInteger(minimum)) draft.set('deletionReview', { ...deletionReview, minimum })
            }}
          />
        </Field>
      </div>
      <Text size={200} className={styles.quiet}>
        {t('deletionReview.hint')}
      </Text>
    </Card>
  )
}

function Scheduling({ draft, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { document } = draft
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.schedule')}</Subtitle1>
      <ScheduleEditor
        label={t('setting.schedule')}
        value={document.schedule}
        readOnly={readOnly}
        onChange={(schedule) => {
          if (schedule !== null) draft.set('schedule', schedule)
        }}
      />
      <Flag draft={draft} name="wakeOnChange" readOnly={readOnly} />
      <Whole
        label={t('setting.inactivityTimeoutMinutes')}
        hint={t('hint.inactivityTimeoutMinutes')}
        minimum={1}
        value={document.inactivityTimeoutMinutes}
        readOnly={readOnly}
        onChange={(minutes) => draft.set('inactivityTimeoutMinutes', minutes)}
      />
      <Whole
        label={t('setting.findDeletedHours')}
        hint={t('hint.findDeletedHours')}
        minimum={1}
        value={document.findDeletedHours}
        readOnly={readOnly}
        onChange={(hours) => draft.set('findDeletedHours', hours)}
      />
      <ScheduleEditor
        label={t('setting.reconcileSchedule')}
        none={t('hint.reconcileNever')}
        value={document.reconcileSchedule}
        readOnly={readOnly}
        onChange={(schedule) => draft.set('reconcileSchedule', schedule)}
      />
    </Card>
  )
}

function Others({ mapping, draft, readOnly }: TabProps & { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { dependsOn, templates } = draft.document
  const others = mapping.connection.mappings.filter(({ name }) => name !== mapping.name)
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.others')}</Subtitle1>
      <div role="group" aria-labelledby="depends-on">
        <Text id="depends-on" block weight="semibold">
          {t('setting.dependsOn')}
        </Text>
        <Text size={200} className={styles.quiet} block>
          {t('hint.dependsOn')}
        </Text>
        {others.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={dependsOn.includes(name)}
            disabled={readOnly}
            onChange={(_event, { checked }) =>
              draft.set(
                'dependsOn',
                checked === true ? [...dependsOn, name] : dependsOn.filter((one) => one !== name),
              )
            }
          />
        ))}
      </div>
      <Flag draft={draft} name="bulkUpdates" readOnly={readOnly} />
      <div>
        <Text block weight="semibold">
          {t('setting.templates')}
        </Text>
        {(['local', 'integration'] as const).map((side) => (
          <Text key={side} block className={styles.quiet}>
            {t(`templates.${side}`)}{' '}
            {templates[side].length === 0
              ? t('templates.none')
              : templates[side]
                  .map(
                    ({ name, values }) =>
                      `${name} (${Object.entries(values)
                        .map(([field, value]) => `${field} = ${String(value)}`)
                        .join(', ')})`,
                  )
                  .join('; ')}
          </Text>
        ))}
      </div>
    </Card>
  )
}

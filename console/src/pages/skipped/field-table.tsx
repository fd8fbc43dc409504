import { Input, makeStyles, mergeClasses, Radio, shorthands, Text, tokens } from '@fluentui/react-components'
import { CheckmarkCircleFilled } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldValue, isNameless } from '../../shared/field-value.js'
import { isOpen, type Choice, type Choices, type ComparedField } from './choices.js'
import type { Side } from './generated/graphql.js'

const useStyles = makeStyles({
  scroll: {
    // What is only there for screen readers is placed within it, not below the end of the page.
    position: 'relative',
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusLarge,
  },
  table: { borderCollapse: 'collapse', width: '100%' },
  head: {
    textAlign: 'start',
    verticalAlign: 'bottom',
    padding: tokens.spacingHorizontalM,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  cell: {
    ...shorthands.borderTop('1px', 'solid', tokens.colorNeutralStroke3),
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    textAlign: 'start',
    fontWeight: tokens.fontWeightRegular,
    overflowWrap: 'anywhere',
    minWidth: '120px',
    '& .fui-Radio__label': { color: tokens.colorNeutralForeground1, overflowWrap: 'anywhere' },
  },
  caption: { fontWeight: tokens.fontWeightSemibold },
  changed: { boxShadow: `inset 3px 0 0 ${tokens.colorPaletteMarigoldBackground3}` },
  chosen: {
    backgroundColor: tokens.colorBrandBackground2,
    boxShadow: `inset 3px 0 0 ${tokens.colorBrandStroke1}`,
  },
  unchosen: { color: tokens.colorNeutralForeground3 },
  base: { color: tokens.colorNeutralForeground2 },
  equal: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    color: tokens.colorStatusSuccessForeground1,
  },
  own: { display: 'flex', alignItems: 'center' },
  note: { display: 'block', color: tokens.colorNeutralForeground2 },
  // One field under the other, each with its values below its name.
  stacked: {
    '@media (max-width: 699px)': {
      display: 'block',
      width: 'auto',
      '& thead': {
        position: 'absolute',
        clipPath: 'inset(50%)',
        width: '1px',
        height: '1px',
        overflow: 'hidden',
      },
      '& tbody, & tr, & td, & th': { display: 'block' },
      '& td': { borderTopWidth: 0 },
      '& td::before': {
        content: 'attr(data-label)',
        display: 'block',
        fontSize: tokens.fontSizeBase200,
        color: tokens.colorNeutralForeground2,
      },
    },
  },
})

export interface FieldTableProps {
  readonly fields: readonly ComparedField[]
  readonly choices: Choices
  readonly titles: { readonly base: ReactNode; readonly local: ReactNode; readonly integration: ReactNode }
  readonly names: Readonly<Record<Side, string>>
  /** Nobody may choose: not signed in as who may, or it was settled. */
  readonly readOnly: boolean
  choose(name: string, choice: Choice): void
}

/** Base, one side, the other, and what shall hold: a row is a group of radio buttons, moved through by arrow keys. */
export function FieldTable(props: FieldTableProps): ReactNode {
  const { fields, titles } = props
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  return (
    <div className={styles.scroll}>
      <table className={mergeClasses(styles.table, styles.stacked)} aria-label={t('desk.fields')}>
        <thead>
          <tr>
            <th scope="col" className={styles.head}>
              {t('desk.field')}
            </th>
            <th scope="col" className={styles.head}>
              {titles.base}
            </th>
            <th scope="col" className={styles.head}>
              {titles.local}
            </th>
            <th scope="col" className={styles.head}>
              {titles.integration}
            </th>
            <th scope="col" className={styles.head}>
              {t('desk.own')}
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldRow key={field.name} {...props} field={field} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function FieldRow(props: FieldTableProps & { readonly field: ComparedField }): ReactNode {
  const { field, choices, names, readOnly, choose } = props
  const { t } = useTranslation('skipped')
  const { t: common } = useTranslation()
  const styles = useStyles()
  const { lookup } = field
  const choice = choices.get(field.name)
  const open = isOpen(field)
  const own = choice?.kind === 'own' ? choice.value : null
  const side = (of: Side, value: string | null, name: string | null, changed: boolean): ReactNode => {
    const chosen = choice?.kind === 'side' && choice.side === of
    return (
      <td
        data-label={names[of]}
        className={mergeClasses(styles.cell, changed && styles.changed, chosen && styles.chosen)}
      >
        {open ? (
          <Radio
            name={field.name}
            value={of}
            checked={chosen}
            disabled={readOnly}
            label={<Value value={value} name={name} lookup={lookup} />}
            aria-label={t('desk.keepValue', {
              field: field.localCaption,
              side: names[of],
              value: isNameless(value, name, lookup)
                ? `${common('record.unknown')} ${value}`
                : (name ?? value ?? t('desk.blank')),
            })}
            onChange={() => choose(field.name, { kind: 'side', side: of })}
          />
        ) : (
          <Value value={value} name={name} lookup={lookup} />
        )}
      </td>
    )
  }
  return (
    <tr>
      <th scope="row" className={mergeClasses(styles.cell, styles.caption)}>
        {field.localCaption}
        {field.integrationCaption !== field.localCaption && (
          <Text size={200} className={styles.note}>
            {field.integrationCaption}
          </Text>
        )}
        {!field.equal && (
          <Text size={200} className={styles.note}>
            {t(`reason.${field.reason}`)}
          </Text>
        )}
      </th>
      <td data-label={t('desk.base')} className={mergeClasses(styles.cell, styles.base)}>
        {field.hasBase ? (
          <Value value={field.base} name={field.baseName} lookup={lookup} />
        ) : (
          t('desk.noBase')
        )}
      </td>
      {side('LOCAL', field.local, field.localName, field.changedBy === 'LOCAL' || field.changedBy === 'BOTH')}
      {side(
        'INTEGRATION',
        field.integration,
        field.integrationName,
        field.changedBy === 'INTEGRATION' || field.changedBy === 'BOTH',
      )}
      <td data-label={t('desk.own')} className={mergeClasses(styles.cell, own !== null && styles.chosen)}>
        {field.equal ? (
          <span className={styles.equal}>
            <CheckmarkCircleFilled aria-hidden="true" /> {t('desk.equal')}
          </span>
        ) : open ? (
          <span className={styles.own}>
            <Radio
              name={field.name}
              value="OWN"
              checked={own !== null}
              disabled={readOnly}
              aria-label={t('desk.ownValue', { field: field.localCaption })}
              onChange={() => choose(field.name, { kind: 'own', value: own ?? field.local ?? '' })}
            />
            <Input
              size="small"
              aria-label={t('desk.ownText', { field: field.localCaption })}
              value={own ?? ''}
              disabled={readOnly}
              onChange={(_event, { value }) => choose(field.name, { kind: 'own', value })}
            />
          </span>
        ) : (
          <Text className={styles.base}>
            {t(`oneWay.${field.direction}`, { local: names.LOCAL, integration: names.INTEGRATION })}
          </Text>
        )}
      </td>
    </tr>
  )
}

interface ValueProps {
  readonly value: string | null
  readonly name: string | null
  readonly lookup: boolean
}

function Value({ value, name, lookup }: ValueProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  return value === null || value === '' ? (
    <em className={styles.unchosen}>{t('desk.blank')}</em>
  ) : (
    <FieldValue value={value} name={name} lookup={lookup} />
  )
}

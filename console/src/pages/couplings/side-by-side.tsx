import { Badge, makeStyles, mergeClasses, Switch, Text, tokens } from '@fluentui/react-components'
import {
  ArrowBidirectionalLeftRightRegular,
  ArrowLeftRegular,
  ArrowRightRegular,
} from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isNotCarried } from '../../shared/carried.js'
import { FieldValue, type FieldValueProps } from '../../shared/field-value.js'
import type { CouplingPreviewQuery, Direction } from './generated/graphql.js'

export type ComparedField = CouplingPreviewQuery['couplingPreview']['fields'][number]

const ARROWS = {
  BIDIRECTIONAL: ArrowBidirectionalLeftRightRegular,
  TO_INTEGRATION_TABLE: ArrowRightRegular,
  FROM_INTEGRATION_TABLE: ArrowLeftRegular,
} as const satisfies Readonly<Record<Direction, unknown>>

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  scroll: {
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold },
    '& th, & td': {
      padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
      borderBlockEndWidth: '1px',
      borderBlockEndStyle: 'solid',
      borderBlockEndColor: tokens.colorNeutralStroke3,
      verticalAlign: 'top',
      overflowWrap: 'anywhere',
    },
    '@media (max-width: 599px)': {
      '& th, & td': { paddingInline: tokens.spacingHorizontalXS, fontSize: tokens.fontSizeBase200 },
    },
  },
  arrow: { width: '36px' },
  differs: { backgroundColor: tokens.colorPaletteYellowBackground1 },
  value: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
  base: { display: 'block', color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
})

/** Both values of every mapped field; those that differ come out. */
export function SideBySide({
  fields,
  localTitle,
  integrationTitle,
}: {
  readonly fields: readonly ComparedField[]
  readonly localTitle: string
  readonly integrationTitle: string
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const [onlyDiffering, setOnlyDiffering] = useState(false)
  const differing = fields.filter(({ equal }) => !equal).length
  const shown = onlyDiffering ? fields.filter(({ equal }) => !equal) : fields
  return (
    <div className={styles.root}>
      <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 12 }}>
        <Badge appearance="tint" color={differing === 0 ? 'success' : 'warning'}>
          {differing === 0 ? t('compare.agree') : t('compare.differ', { count: differing })}
        </Badge>
        {differing > 0 && (
          <Switch
            label={t('compare.only')}
            checked={onlyDiffering}
            onChange={(_event, { checked }) => setOnlyDiffering(checked)}
          />
        )}
      </div>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('compare.title')}>
        <table className={styles.table} aria-label={t('compare.title')}>
          <thead>
            <tr>
              <th scope="col">{t('compare.field')}</th>
              <th scope="col">{localTitle}</th>
              <th scope="col" className={styles.arrow} aria-label={t('direction')} />
              <th scope="col">{integrationTitle}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((field) => {
              const Arrow = ARROWS[field.direction]
              return (
                <tr key={field.name} className={mergeClasses(!field.equal && styles.differs)}>
                  <th scope="row">
                    {field.localCaption}
                    {field.integrationCaption !== field.localCaption && (
                      <Text size={200} block className={styles.quiet}>
                        {field.integrationCaption}
                      </Text>
                    )}
                  </th>
                  <td>
                    <Value
                      value={field.local}
                      name={field.localName}
                      lookup={field.lookup}
                      strong={!field.equal}
                    />
                    {field.localChanged && <Changed base={field.baseName ?? field.base} />}
                  </td>
                  <td>
                    <span role="img" aria-label={t(`directions.${field.direction}`)}>
                      <Arrow aria-hidden="true" />
                    </span>
                  </td>
                  <td>
                    <Value
                      value={field.integration}
                      name={field.integrationName}
                      lookup={field.lookup}
                      strong={!field.equal}
                    />
                    {field.integrationChanged && <Changed base={field.baseName ?? field.base} />}
                    {isNotCarried(field) && <span className={styles.base}>{t('compare.notCarried')}</span>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}

interface ValueProps extends Omit<FieldValueProps, 'value'> {
  readonly value: string | null
  readonly strong: boolean
}

function Value({ value, strong, ...field }: ValueProps): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  if (value === null || value === '') return <span className={styles.quiet}>{t('blank')}</span>
  return (
    <span className={strong ? styles.value : undefined}>
      <FieldValue value={value} {...field} />
    </span>
  )
}

function Changed({ base }: { readonly base: string | null }): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  return <span className={styles.base}>{t('compare.was', { value: base ?? t('blank') })}</span>
}

import { Card, Field, makeStyles, Radio, RadioGroup, Subtitle1, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Side } from './generated/graphql.js'
import { RecordSearch, type Chosen } from './record-search.js'
import type { CoupledMapping } from './use-mappings.js'

const SIDES = ['LOCAL', 'INTEGRATION'] as const

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
})

export function tableOf(mapping: CoupledMapping, side: Side): string {
  return side === 'LOCAL'
    ? `${mapping.localTableCaption ?? mapping.localTable} (${mapping.connection.localSystem.caption})`
    : `${mapping.integrationTableCaption ?? mapping.integrationTable} (${mapping.connection.integrationSystem.caption})`
}

/** The first of the two records: of either table. */
export function FindRecord({
  mapping,
  onChoose,
}: {
  readonly mapping: CoupledMapping
  onChoose(record: Chosen): void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const [side, setSide] = useState<Side>('LOCAL')
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setUp.record')}</Subtitle1>
      <Field label={t('setUp.table')}>
        <RadioGroup layout="horizontal" value={side} onChange={(_event, { value }) => setSide(value as Side)}>
          {SIDES.map((one) => (
            <Radio key={one} value={one} label={tableOf(mapping, one)} />
          ))}
        </RadioGroup>
      </Field>
      <RecordSearch
        key={side}
        mapping={mapping}
        side={side}
        label={t('setUp.text')}
        actionFor={(name) => t('setUp.choose', { name })}
        onChoose={onChoose}
      />
    </Card>
  )
}

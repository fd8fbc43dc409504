import { Badge, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DirectionMark } from '../direction-mark.js'
import { isTaken, type Choices, type OfferedPair } from './new-draft.js'

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  pair: { display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  why: { display: 'block', color: tokens.colorNeutralForeground2 },
})

export interface PairListProps {
  readonly pairs: readonly OfferedPair[]
  /** Where a day begins. */
  readonly timeZone: string
  readonly choices: Choices
  onChange(choices: Choices): void
}

/** Pairs of fields, each with its reason, to be taken or left. What cannot be carried says why. */
export function PairList({ pairs, timeZone, choices, onChange }: PairListProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  return (
    <ul className={styles.list} aria-label={t('tabs.fields')}>
      {pairs.map((pair) => (
        <li key={pair.name}>
          <Offered
            pair={pair}
            timeZone={timeZone}
            taken={isTaken(choices, pair)}
            onChange={(taken) => onChange(new Map(choices).set(pair.name, taken))}
          />
        </li>
      ))}
    </ul>
  )
}

function Offered({
  pair,
  timeZone,
  taken,
  onChange,
}: {
  readonly pair: OfferedPair
  readonly timeZone: string
  readonly taken: boolean
  onChange(taken: boolean): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { judgement } = pair
  const carried = judgement.kind === 'carried'
  const why = [
    pair.reason ?? t('create.byHand'),
    ...(carried
      ? [
          judgement.lookupMappings.length > 0 &&
            t('fields.lookup', { mappings: judgement.lookupMappings.join(', ') }),
          judgement.needsTimeZone && t('create.dayBegins', { timeZone }),
        ].filter((text) => text !== false)
      : [t(`create.refused.${judgement.reason}`)]),
  ].join(' ')
  return (
    <Checkbox
      checked={taken}
      disabled={!carried}
      onChange={(_event, { checked }) => onChange(checked === true)}
      label={
        <span>
          <span className={styles.pair}>
            <span title={pair.localField}>{pair.localCaption}</span>
            {carried ? <DirectionMark direction={judgement.direction} /> : <span aria-hidden="true">–</span>}
            <span title={pair.integrationField}>{pair.integrationCaption}</span>
            {pair.reason === null && (
              <Badge appearance="tint" size="small">
                {t('fields.new')}
              </Badge>
            )}
          </span>
          <Text size={200} className={styles.why}>
            {why}
          </Text>
        </span>
      }
    />
  )
}

import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordLink } from '../../shared/record-link.js'
import type { RecordExaminedFragment } from './generated/graphql.js'

export const useRowStyles = makeStyles({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface RecordRowProps {
  readonly found: RecordExaminedFragment
  /** What is done with it: Choose Blauer Berg. */
  readonly action: string
  readonly onChoose: () => void
}

/** A record that was found, whether it is free, and a button that takes it. */
export function RecordRow({ found, action, onChoose }: RecordRowProps): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useRowStyles()
  const { record, problem, partnerId, partnerName } = found
  return (
    <li className={styles.row}>
      <span>
        <RecordLink record={record} />{' '}
        <Text size={200} className={styles.quiet}>
          {problem ??
            (partnerId === null
              ? t('setUp.free')
              : t('setUp.coupledWith', { name: partnerName ?? partnerId }))}
        </Text>
      </span>
      <Button size="small" onClick={onChoose}>
        {action}
      </Button>
    </li>
  )
}

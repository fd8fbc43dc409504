import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CouplingPreviewQuery } from './generated/graphql.js'
import type { ComparedField } from './side-by-side.js'

type Choice = CouplingPreviewQuery['couplingPreview']['choices'][number]

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
  before: { color: tokens.colorNeutralForeground2, textDecorationLine: 'line-through' },
  after: { fontWeight: tokens.fontWeightSemibold },
})

/** What a choice would write, or why nothing. */
export function Writes({
  choice,
  fields,
}: {
  readonly choice: Choice
  readonly fields: readonly ComparedField[]
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  if (choice.problem !== null)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{choice.problem}</MessageBarBody>
      </MessageBar>
    )
  if (choice.writes.length === 0) return <Text>{t('writes.none')}</Text>
  const shown = (value: unknown): string => (value === null || value === '' ? t('blank') : String(value))
  return (
    <div>
      <Text weight="semibold">{t('writes.title', { count: choice.writes.length })}</Text>
      <ul className={styles.list}>
        {choice.writes.map((write) => {
          const field = fields.find((one) =>
            write.side === 'LOCAL' ? one.localField === write.field : one.integrationField === write.field,
          )
          const caption = write.side === 'LOCAL' ? field?.localCaption : field?.integrationCaption
          return (
            <li key={write.side + write.field}>
              {caption ?? write.field} ({t(`side.${write.side}`)}):{' '}
              <span className={styles.before}>{shown(write.before)}</span> →{' '}
              <span className={styles.after}>{shown(write.after)}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldValue } from '../../shared/field-value.js'
import type { CouplingPreviewQuery, Side } from './generated/graphql.js'
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
              <span className={styles.before}>
                <Written value={write.before} field={field} side={write.side} />
              </span>{' '}
              →{' '}
              <span className={styles.after}>
                <Written value={write.after} field={field} side={otherSide(write.side)} />
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function otherSide(side: Side): Side {
  return side === 'LOCAL' ? 'INTEGRATION' : 'LOCAL'
}

interface WrittenProps {
  readonly value: unknown
  readonly field: ComparedField | undefined
  /** The side that knows the record which a lookup names: what is written comes from the other side. */
  readonly side: Side
}

function Written({ value, field, side }: WrittenProps): ReactNode {
  const { t } = useTranslation('couplings')
  if (value === null || value === undefined || value === '') return <>{t('blank')}</>
  const name = side === 'LOCAL' ? field?.localName : field?.integrationName
  return (
    <FieldValue
      value={String(value)}
      name={field?.lookup === true ? (name ?? null) : null}
      lookup={field?.lookup ?? false}
    />
  )
}

import { Button, makeStyles, Switch, Text, tokens } from '@fluentui/react-components'
import { AddRegular, DeleteRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentValue, FieldDocument } from './document.js'
import { proposePairs, repeatedValues, unlistedValues, type OptionPair } from './option-map.js'
import type { Direction } from './generated/graphql.js'
import type { TableField } from './use-tables.js'
import { ValueInput } from './value-input.js'

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1, flexBasis: '130px', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  bad: { color: tokens.colorStatusDangerForeground1 },
})

export interface OptionMapEditorProps {
  readonly local: TableField | undefined
  readonly integration: TableField | undefined
  readonly direction: Direction
  /** Null: values are carried as they are. */
  readonly pairs: FieldDocument['optionMap']
  readonly readOnly: boolean
  onChange(pairs: readonly OptionPair[] | null): void
}

/** Values that are translated one to one, the same lines for both ways. What no line has is an error, so nothing is guessed. */
export function OptionMapEditor(props: OptionMapEditorProps): ReactNode {
  const { local, integration, direction, pairs, readOnly, onChange } = props
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const shown = (values: readonly DocumentValue[]): string =>
    [...new Set(values.map((value) => (value === null ? t('blank') : String(value))))].join(', ')
  const twice = pairs === null ? [] : repeatedValues(pairs)
  const sources = [
    ['local', local, 'FROM_INTEGRATION_TABLE'],
    ['integration', integration, 'TO_INTEGRATION_TABLE'],
  ] as const
  const missing =
    pairs === null
      ? []
      : sources
          .filter(([, , onlyInto]) => direction !== onlyInto)
          .flatMap(([side, field]) => {
            const values = unlistedValues(pairs, side, field)
            return values.length === 0 ? [] : [`${field?.caption ?? ''}: ${shown(values)}`]
          })
  return (
    <div role="group" aria-label={t('options.title')} className={styles.root}>
      <Switch
        label={t('options.title')}
        checked={pairs !== null}
        disabled={readOnly}
        onChange={(_event, { checked }) => onChange(checked ? proposePairs(local, integration) : null)}
      />
      {pairs !== null && (
        <>
          <Text size={200} className={styles.quiet}>
            {t('options.hint')}
          </Text>
          {pairs.map((pair, index) => (
            <div
              key={index}
              className={styles.row}
              role="group"
              aria-label={t('options.line', { line: index + 1 })}
            >
              <ValueInput
                className={styles.grow}
                label={local?.caption ?? t('side.LOCAL')}
                field={local}
                value={pair.local}
                readOnly={readOnly}
                onChange={(value) => onChange(pairs.with(index, { ...pair, local: typed(value) }))}
              />
              <ValueInput
                className={styles.grow}
                label={integration?.caption ?? t('side.INTEGRATION')}
                field={integration}
                value={pair.integration}
                readOnly={readOnly}
                onChange={(value) => onChange(pairs.with(index, { ...pair, integration: typed(value) }))}
              />
              <Button
                appearance="subtle"
                icon={<DeleteRegular />}
                disabled={readOnly || pairs.length === 1}
                aria-label={t('options.remove', { line: index + 1 })}
                onClick={() => onChange(pairs.toSpliced(index, 1))}
              />
            </div>
          ))}
          <div className={styles.row}>
            <Button
              size="small"
              icon={<AddRegular />}
              disabled={readOnly}
              onClick={() => onChange([...pairs, { local: null, integration: null }])}
            >
              {t('options.add')}
            </Button>
          </div>
          <div role="status">
            {twice.length > 0 && (
              <Text block size={200} className={styles.bad}>
                {t('options.twice', { values: shown(twice) })}
              </Text>
            )}
            {missing.length > 0 && (
              <Text block size={200} className={styles.quiet}>
                {t('options.unlisted', { values: missing.join('; ') })}
              </Text>
            )}
          </div>
        </>
      )}
    </div>
  )
}

/** Nothing typed is blank. */
function typed(value: DocumentValue): DocumentValue {
  return value === '' ? null : value
}

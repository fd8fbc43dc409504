import { Button, Card, Checkbox, makeStyles, Text, Subtitle1, tokens } from '@fluentui/react-components'
import { AddRegular, DeleteRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldPicker } from './field-picker.js'
import type { TabProps } from './settings-tab.js'

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  rule: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  grow: { flexGrow: 1, flexBasis: '160px', minWidth: 0 },
})

export function Matching({ draft, tables, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const { matchBasedCoupling, matchRules } = draft.document
  const change = (index: number, rule: (typeof matchRules)[number]): void =>
    draft.set('matchRules', matchRules.with(index, rule))
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.matching')}</Subtitle1>
      <Checkbox
        label={t('matching.createNew')}
        checked={matchBasedCoupling.createNew}
        disabled={readOnly}
        onChange={(_event, { checked }) =>
          draft.set('matchBasedCoupling', { ...matchBasedCoupling, createNew: checked === true })
        }
      />
      <Checkbox
        label={t('matching.synchronizeAfterwards')}
        checked={matchBasedCoupling.synchronizeAfterwards}
        disabled={readOnly}
        onChange={(_event, { checked }) =>
          draft.set('matchBasedCoupling', { ...matchBasedCoupling, synchronizeAfterwards: checked === true })
        }
      />
      {matchRules.map((rule, index) => (
        <div
          key={index}
          className={styles.rule}
          role="group"
          aria-label={t('matching.rule', { priority: rule.priority })}
        >
          <div className={styles.row}>
            <Text weight="semibold" className={styles.grow}>
              {t('matching.rule', { priority: rule.priority })}
            </Text>
            <Checkbox
              label={t('matching.caseSensitive')}
              checked={rule.caseSensitive}
              disabled={readOnly}
              onChange={(_event, { checked }) => change(index, { ...rule, caseSensitive: checked === true })}
            />
            <Button
              icon={<DeleteRegular />}
              appearance="subtle"
              disabled={readOnly}
              aria-label={t('matching.remove', { priority: rule.priority })}
              onClick={() => draft.set('matchRules', matchRules.toSpliced(index, 1))}
            />
          </div>
          {rule.pairs.map((pair, place) => (
            <div key={place} className={styles.row}>
              <FieldPicker
                className={styles.grow}
                label={t('side.LOCAL')}
                table={tables.local}
                value={pair.localField}
                readOnly={readOnly}
                onChange={(localField) =>
                  change(index, { ...rule, pairs: rule.pairs.with(place, { ...pair, localField }) })
                }
              />
              <FieldPicker
                className={styles.grow}
                label={t('side.INTEGRATION')}
                table={tables.integration}
                value={pair.integrationField}
                readOnly={readOnly}
                onChange={(integrationField) =>
                  change(index, { ...rule, pairs: rule.pairs.with(place, { ...pair, integrationField }) })
                }
              />
              <Button
                icon={<DeleteRegular />}
                appearance="subtle"
                disabled={readOnly || rule.pairs.length === 1}
                aria-label={t('matching.removePair')}
                onClick={() => change(index, { ...rule, pairs: rule.pairs.toSpliced(place, 1) })}
              />
            </div>
          ))}
          <div>
            <Button
              size="small"
              icon={<AddRegular />}
              disabled={readOnly}
              onClick={() =>
                change(index, { ...rule, pairs: [...rule.pairs, { localField: '', integrationField: '' }] })
              }
            >
              {t('matching.addPair')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          icon={<AddRegular />}
          disabled={readOnly}
          onClick={() =>
            draft.set('matchRules', [
              ...matchRules,
              {
                priority: Math.max(0, ...matchRules.map(({ priority }) => priority)) + 1,
                caseSensitive: false,
                pairs: [{ localField: '', integrationField: '' }],
              },
            ])
          }
        >
          {t('matching.add')}
        </Button>
      </div>
    </Card>
  )
}

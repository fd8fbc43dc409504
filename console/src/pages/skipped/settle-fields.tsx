import { Button, Checkbox, makeStyles, Switch, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { formatNumber } from '../../shared/quantity.js'
import {
  allOf,
  isOpen,
  recommended,
  toFieldChoices,
  undecided,
  type Choice,
  type Choices,
  type Compared,
} from './choices.js'
import { FieldTable } from './field-table.js'
import type { SettleResultFragment, Side } from './generated/graphql.js'
import { OtherActions } from './other-actions.js'
import { RuleDialog } from './rule-dialog.js'
import type { SkippedRecord } from './settled-records.js'
import { Age, SideTitle } from './side-title.js'
import { useSettling } from './use-settling.js'

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  spread: { justifyContent: 'space-between' },
  person: { display: 'block', fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    position: 'sticky',
    bottom: `calc(-1 * ${tokens.spacingVerticalXL})`,
    backgroundColor: tokens.colorNeutralBackground2,
    paddingBlock: tokens.spacingVerticalM,
    '@media (max-width: 699px)': { position: 'static' },
  },
})

export interface SidesProps {
  readonly record: SkippedRecord
  readonly compared: Compared
  take(results: readonly SettleResultFragment[]): void
}

/** Both sides field by field, what shall hold, and the buttons that make it so. */
export function Sides({ record, compared, take }: SidesProps): ReactNode {
  const { t, i18n } = useTranslation('skipped')
  const { t: common } = useTranslation()
  const styles = useStyles()
  const readOnly = useRefusal('OPERATOR') !== null
  const [choices, setChoices] = useState<Choices>(() => recommended(compared.fields))
  const [showEqual, setShowEqual] = useState(false)
  const [forAlike, setForAlike] = useState(false)
  const [ruleOpen, setRuleOpen] = useState(false)
  const { alike, busy: resolving, settle } = useSettling(record, compared, take)
  const names: Readonly<Record<Side, string>> = {
    LOCAL: systemName(compared.local?.record, common),
    INTEGRATION: systemName(compared.integration?.record, common),
  }
  const differing = compared.fields.filter(({ equal }) => !equal)
  const missing = undecided(compared.fields, choices)
  const bothThere = compared.local?.found !== false && compared.integration?.found !== false

  if (!bothThere || differing.length === 0) {
    return (
      <>
        <Text>{t(bothThere ? 'desk.agree' : 'desk.oneSide')}</Text>
        <OtherActions record={record} compared={compared} bothThere={bothThere} take={take} />
      </>
    )
  }
  return (
    <>
      <div className={`${styles.row} ${styles.spread}`}>
        <div className={styles.row}>
          {(['LOCAL', 'INTEGRATION'] as const).map((side) => (
            <Button key={side} disabled={readOnly} onClick={() => setChoices(allOf(side, compared.fields))}>
              {t('desk.keepAll', { side: names[side] })}
            </Button>
          ))}
          <Button disabled={readOnly} onClick={() => setChoices(recommended(compared.fields))}>
            {t('desk.recommended')}
          </Button>
        </div>
        <Switch
          label={t('desk.showEqual')}
          checked={showEqual}
          onChange={(_event, { checked }) => setShowEqual(checked)}
        />
      </div>
      <Text>
        {t(`advice.${compared.recommendation.reason}`)} <Age compared={compared} />
      </Text>
      <FieldTable
        fields={showEqual ? compared.fields : differing}
        choices={choices}
        names={names}
        readOnly={readOnly || resolving}
        titles={{
          base: (
            <>
              {t('desk.base')}
              <Text size={200} className={styles.person}>
                {t('desk.baseHint')}
              </Text>
            </>
          ),
          local: <SideTitle name={names.LOCAL} side={compared.local} />,
          integration: <SideTitle name={names.INTEGRATION} side={compared.integration} />,
        }}
        choose={(name: string, choice: Choice) => setChoices((before) => new Map(before).set(name, choice))}
      />
      <div className={styles.foot}>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          disabled={resolving}
          refusal={
            missing.length === 0
              ? null
              : t('desk.chooseFirst', { fields: missing.map(({ localCaption }) => localCaption).join(', ') })
          }
          onClick={() => void settle(toFieldChoices(compared.fields, choices), forAlike)}
        >
          {t(resolving ? 'desk.applying' : 'desk.apply')}
        </AllowedButton>
        {alike.count > 0 && (
          <Checkbox
            label={
              alike.isExact
                ? t('desk.sameForAlike', { count: alike.count })
                : t('desk.sameForAlikeAtLeast', { number: formatNumber(alike.count, i18n.language) })
            }
            checked={forAlike}
            disabled={readOnly}
            onChange={(_event, { checked }) => setForAlike(checked === true)}
          />
        )}
        <AllowedButton
          needs="OPERATOR"
          refusal={
            compared.fields.some((field) => isOpen(field) && choices.get(field.name)?.kind === 'side')
              ? null
              : t('rule.chooseFirst')
          }
          onClick={() => setRuleOpen(true)}
        >
          {t('rule.open')}
        </AllowedButton>
        <OtherActions record={record} compared={compared} bothThere busy={resolving} take={take} />
      </div>
      {ruleOpen && (
        <RuleDialog
          id={record.id}
          fields={compared.fields}
          choices={choices}
          names={names}
          close={() => setRuleOpen(false)}
        />
      )}
    </>
  )
}

function systemName(
  record: { readonly system: string } | undefined | null,
  t: (key: string) => string,
): string {
  return record == null ? t('record.none') : t(`record.systems.${record.system}`)
}

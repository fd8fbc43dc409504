import { Field, Select, Switch } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { UPDATE_POLICIES, type UpdatePolicy } from '../policies.js'
import { matchOf, type OfferedPair } from './new-draft.js'
import { useFormStyles, type StepProps } from './tables-step.js'

export interface RulesStepProps extends StepProps {
  readonly taken: readonly OfferedPair[]
  /** Whether it may begin paused. */
  readonly canPause: boolean
}

/** Which records belong together, what happens to those without a partner, who wins, and when it begins. */
export function RulesStep({ draft, change, taken, canPause }: RulesStepProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useFormStyles()
  const match = matchOf(draft, taken)
  return (
    <div className={styles.form}>
      <Field label={t('create.match')} hint={t('create.matchHint')}>
        <Select value={match} onChange={(_event, { value }) => change({ match: value })}>
          <option value="">{t('create.noMatch')}</option>
          {taken.map(({ name, localCaption, integrationCaption }) => (
            <option key={name} value={name}>
              {localCaption} = {integrationCaption}
            </option>
          ))}
        </Select>
      </Field>
      <Field hint={t(draft.creates && match === '' ? 'create.createsAll' : 'create.createsHint')}>
        <Switch
          label={t('create.creates')}
          checked={draft.creates}
          onChange={(_event, { checked }) => change({ creates: checked })}
        />
      </Field>
      {draft.direction === 'BIDIRECTIONAL' && (
        <Field label={t('setting.updateConflictPolicy')} hint={t(`choiceHint.${draft.updateConflictPolicy}`)}>
          <Select
            value={draft.updateConflictPolicy}
            onChange={(_event, { value }) => change({ updateConflictPolicy: value as UpdatePolicy })}
          >
            {UPDATE_POLICIES.map((one) => (
              <option key={one} value={one}>
                {t(`updateConflictPolicy.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {canPause && (
        <Field hint={t('create.pausedHint')}>
          <Switch
            label={t('create.paused')}
            checked={draft.paused}
            onChange={(_event, { checked }) => change({ paused: checked })}
          />
        </Field>
      )}
    </div>
  )
}

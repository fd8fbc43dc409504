import { Card, Field, SpinButton, Subtitle1, Text } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DELETION_POLICIES, DETECTIONS, DIRECTIONS, UPDATE_POLICIES } from './policies.js'
import { Choice, Flag, useSettingStyles } from './setting-inputs.js'
import type { TabProps } from './settings-tab.js'

/** Which way, and what happens where both sides have changed or one is gone. */
export function Conflicts({ draft, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useSettingStyles()
  const { deletionReview } = draft.document
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.conflicts')}</Subtitle1>
      <Choice draft={draft} name="direction" values={DIRECTIONS} readOnly={readOnly} />
      <Flag draft={draft} name="synchOnlyCoupledRecords" readOnly={readOnly} />
      <Choice draft={draft} name="conflictDetection" values={DETECTIONS} readOnly={readOnly} />
      <Choice draft={draft} name="updateConflictPolicy" values={UPDATE_POLICIES} readOnly={readOnly} />
      <Choice draft={draft} name="deletionConflictPolicy" values={DELETION_POLICIES} readOnly={readOnly} />
      <div className={styles.row}>
        <Field label={t('deletionReview.percent')} className={styles.grow}>
          <SpinButton
            min={0}
            max={100}
            value={deletionReview.percent}
            displayValue={String(deletionReview.percent)}
            disabled={readOnly}
            onChange={(_event, { value, displayValue }) => {
              const percent = value ?? Number(displayValue)
              if (Number.isFinite(percent)) draft.set('deletionReview', { ...deletionReview, percent })
            }}
          />
        </Field>
        <Field label={t('deletionReview.minimum')} className={styles.grow}>
          <SpinButton
            min={0}
            value={deletionReview.minimum}
            displayValue={String(deletionReview.minimum)}
            disabled={readOnly}
            onChange={(_event, { value, displayValue }) => {
              const minimum = value ?? Number(displayValue)
              if (Number.isInteger(minimum)) draft.set('deletionReview', { ...deletionReview, minimum })
            }}
          />
        </Field>
      </div>
      <Text size={200} className={styles.quiet}>
        {t('deletionReview.hint')}
      </Text>
    </Card>
  )
}

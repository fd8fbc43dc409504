import { Card, Subtitle1 } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ScheduleEditor } from './schedule-editor.js'
import { Flag, useSettingStyles, Whole } from './setting-inputs.js'
import type { TabProps } from './settings-tab.js'

/** When it runs, and when it sleeps. */
export function Scheduling({ draft, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useSettingStyles()
  const { document } = draft
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.schedule')}</Subtitle1>
      <ScheduleEditor
        label={t('setting.schedule')}
        value={document.schedule}
        readOnly={readOnly}
        onChange={(schedule) => {
          if (schedule !== null) draft.set('schedule', schedule)
        }}
      />
      <Flag draft={draft} name="wakeOnChange" readOnly={readOnly} />
      <Whole
        label={t('setting.inactivityTimeoutMinutes')}
        hint={t('hint.inactivityTimeoutMinutes')}
        minimum={1}
        value={document.inactivityTimeoutMinutes}
        readOnly={readOnly}
        onChange={(minutes) => draft.set('inactivityTimeoutMinutes', minutes)}
      />
      <Whole
        label={t('setting.findDeletedHours')}
        hint={t('hint.findDeletedHours')}
        minimum={1}
        value={document.findDeletedHours}
        readOnly={readOnly}
        onChange={(hours) => draft.set('findDeletedHours', hours)}
      />
      <ScheduleEditor
        label={t('setting.reconcileSchedule')}
        none={t('hint.reconcileNever')}
        value={document.reconcileSchedule}
        readOnly={readOnly}
        onChange={(schedule) => draft.set('reconcileSchedule', schedule)}
      />
    </Card>
  )
}

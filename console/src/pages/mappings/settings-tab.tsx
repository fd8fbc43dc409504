import { Card, Checkbox, makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Conflicts } from './conflict-settings.js'
import { Matching } from './matching-settings.js'
import { Scheduling } from './schedule-settings.js'
import { Flag, useSettingStyles } from './setting-inputs.js'
import { Templates } from './template-settings.js'
import type { Draft, Mapping } from './use-draft.js'
import type { Tables } from './use-tables.js'

const useStyles = makeStyles({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
  },
})

export interface TabProps {
  readonly draft: Draft
  readonly tables: Tables
  readonly readOnly: boolean
}

/** Settings of a mapping by subject, under Business Central's captions where it has them. */
export function SettingsTab(props: TabProps & { readonly mapping: Mapping }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.grid}>
      <Conflicts {...props} />
      <Scheduling {...props} />
      <Matching {...props} />
      <Others {...props} />
      <Templates {...props} />
    </div>
  )
}

function Others({ mapping, draft, readOnly }: TabProps & { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useSettingStyles()
  const { dependsOn } = draft.document
  const others = mapping.connection.mappings.filter(({ name }) => name !== mapping.name)
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('section.others')}</Subtitle1>
      <div role="group" aria-labelledby="depends-on">
        <Text id="depends-on" block weight="semibold">
          {t('setting.dependsOn')}
        </Text>
        <Text size={200} className={styles.quiet} block>
          {t('hint.dependsOn')}
        </Text>
        {others.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={dependsOn.includes(name)}
            disabled={readOnly}
            onChange={(_event, { checked }) =>
              draft.set(
                'dependsOn',
                checked === true ? [...dependsOn, name] : dependsOn.filter((one) => one !== name),
              )
            }
          />
        ))}
      </div>
      <Flag draft={draft} name="bulkUpdates" readOnly={readOnly} />
    </Card>
  )
}

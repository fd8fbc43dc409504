import { Button, Card, Subtitle1, Text } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MappingDocument } from './document.js'
import { useSettingStyles } from './setting-inputs.js'
import type { TabProps } from './settings-tab.js'
import { TemplateEditor } from './template-editor.js'
import type { Mapping } from './use-draft.js'

const SIDES = ['local', 'integration'] as const

export type Template = MappingDocument['templates']['local'][number]

/** Config. templates: the values that records are given when they are created, by the side on which that happens. */
export function Templates({
  mapping,
  draft,
  tables,
  readOnly,
}: TabProps & { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useSettingStyles()
  const { templates } = draft.document
  const systems = {
    local: mapping.connection.localSystem.caption,
    integration: mapping.connection.integrationSystem.caption,
  }
  const other = { local: tables.integration, integration: tables.local } as const
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setting.templates')}</Subtitle1>
      <Text size={200} className={styles.quiet}>
        {t('templates.hint')}
      </Text>
      {SIDES.map((side) => {
        const list = templates[side]
        const set = (changed: readonly Template[]): void =>
          draft.set('templates', { ...templates, [side]: changed })
        const label = t(`templates.${side}`, { system: systems[side] })
        return (
          <div key={side} role="group" aria-label={label} className={styles.column}>
            <Text weight="semibold" as="h3">
              {label}
            </Text>
            {list.length === 0 && <Text className={styles.quiet}>{t('templates.none')}</Text>}
            {list.map((template, index) => (
              <TemplateEditor
                key={index}
                template={template}
                table={tables[side]}
                source={other[side]}
                readOnly={readOnly}
                onChange={(changed) => set(list.with(index, changed))}
                onRemove={() => set(list.toSpliced(index, 1))}
              />
            ))}
            <div>
              <Button
                size="small"
                icon={<AddRegular />}
                disabled={readOnly || tables[side] === null}
                onClick={() => set([...list, newTemplate(list, t('templates.new'))])}
              >
                {t('templates.add')}
              </Button>
            </div>
          </div>
        )
      })}
    </Card>
  )
}

/** One that comes after the others, with a name of its own. */
function newTemplate(list: readonly Template[], called: string): Template {
  const names = new Set(list.map(({ name }) => name))
  let name = called
  for (let number = 2; names.has(name); number += 1) name = `${called} ${number}`
  const priority = Math.max(0, ...list.map((template) => template.priority)) + 1
  return { name, priority, filter: null, values: {} }
}

import { Badge, makeStyles, Text } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Panel } from '../../shared/panel.js'
import { useAction } from '../../shared/use-action.js'
import { DeleteRuleDocument, type AlertSettingsQuery, type RuleFragment } from './generated/graphql.js'
import { RuleForm } from './rule-form.js'
import { SettingRow } from './setting-rows.js'

const useStyles = makeStyles({ list: { margin: 0, padding: 0, listStyleType: 'none' } })

export interface RulesProps {
  readonly rules: AlertSettingsQuery['alertRules']
  readonly channels: AlertSettingsQuery['alertChannels']
  readonly mappings: AlertSettingsQuery['integrationTableMappings']
  readonly onDone: () => void
}

/** When an alert is raised. */
export function Rules({ rules, channels, mappings, onDone }: RulesProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const { act } = useAction()
  const [editing, setEditing] = useState<RuleFragment | 'new' | null>(null)

  async function remove({ id, version }: RuleFragment): Promise<void> {
    await act(DeleteRuleDocument, { id, version }, { done: t('alerts.toldDeleted') })
    onDone()
  }

  function words({ kind, threshold, minutes, mapping, channels: told }: RuleFragment): string {
    return [
      t(`alerts.inWords.${kind}`, { threshold, minutes }),
      mapping?.name ?? t('alerts.everyMapping'),
      told.map(({ name }) => name).join(', '),
    ]
      .filter((part) => part !== '')
      .join(' - ')
  }

  return (
    <Panel
      title={t('alerts.rules')}
      actions={
        <AllowedButton needs="ADMINISTRATOR" icon={<AddRegular />} onClick={() => setEditing('new')}>
          {t('alerts.newRule')}
        </AllowedButton>
      }
    >
      {rules.length === 0 ? (
        <Text>{t('alerts.noRules')}</Text>
      ) : (
        <ul className={styles.list}>
          {rules.map((rule) => (
            <SettingRow
              key={rule.id}
              name={rule.name}
              details={words(rule)}
              badge={rule.enabled ? null : <Badge appearance="outline">{t('alerts.off')}</Badge>}
              deletion={t('alerts.deleteRule')}
              onEdit={() => setEditing(rule)}
              onDelete={() => remove(rule)}
            />
          ))}
        </ul>
      )}
      {editing !== null && (
        <RuleForm
          rule={editing === 'new' ? null : editing}
          channels={channels}
          mappings={mappings}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null)
            onDone()
          }}
        />
      )}
    </Panel>
  )
}

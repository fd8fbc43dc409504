import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { PlugConnectedSettingsRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { Quantity } from '../../shared/quantity.js'
import { ConnectionActions } from './connection-actions.js'
import { ConnectionFrame } from './connection-frame.js'
import { ConnectionBadge } from './connection-list.js'
import { Findings } from './findings.js'
import type { SetupFragment } from './generated/graphql.js'
import { SystemPanels } from './system-panels.js'
import { useCheck } from './use-check.js'
import { useConnection } from './use-connection.js'

const useStyles = makeStyles({
  links: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** Connection setup: how it stands, both systems, what the last check found. */
export function ConnectionPage(): ReactNode {
  const read = useConnection()
  const { t } = useTranslation('connections')
  return (
    <ConnectionFrame read={read} title={read.name} lead={t('page.lead')}>
      {(connection) => (
        <>
          <State connection={connection} again={read.again} />
          <SystemPanels connection={connection} />
          <LastCheck connection={connection} again={read.again} />
        </>
      )}
    </ConnectionFrame>
  )
}

interface PartProps {
  readonly connection: SetupFragment
  readonly again: () => void
}

function State({ connection, again }: PartProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const skipped = connection.mappings.reduce((sum, { skippedRecords }) => sum + skippedRecords, 0)
  const errors = connection.mappings.reduce((sum, { openErrors }) => sum + openErrors, 0)
  const query = new URLSearchParams({ connection: connection.name }).toString()
  return (
    <Panel
      title={t('page.state')}
      badge={<ConnectionBadge connection={connection} />}
      actions={<ConnectionActions connection={connection} onDone={again} />}
    >
      <Facts
        facts={[
          [
            t('facts.disabled'),
            connection.disabledAt == null ? null : (
              <span key="disabled">
                <Instant at={connection.disabledAt} /> ({connection.disabledBy})
              </span>
            ),
          ],
          [
            t('facts.paused'),
            connection.pausedAt == null ? null : (
              <span key="paused">
                <Instant at={connection.pausedAt} /> ({connection.pausedBy})
              </span>
            ),
          ],
          [t('facts.forced'), connection.forcedReason],
          [t('facts.mappings'), connection.mappings.map(({ name }) => name).join(', ')],
          [
            t('facts.changed'),
            <span key="changed">
              <Instant at={connection.changedAt} /> ({connection.changedBy})
            </span>,
          ],
          [t('facts.version'), <Quantity key="version" value={connection.version} />],
        ]}
      />
      <div className={styles.links}>
        <InnerLink to={`/skipped?${query}`}>
          {t('page.skipped')} (<Quantity value={skipped} />)
        </InnerLink>
        <InnerLink to={`/errors?${query}`}>
          {t('page.errors')} (<Quantity value={errors} />)
        </InnerLink>
        <InnerLink to={`/jobs?${query}`}>{t('page.jobs')}</InnerLink>
        <InnerLink to={`/connections/${encodeURIComponent(connection.name)}/start`}>
          {t('page.start')}
        </InnerLink>
      </div>
    </Panel>
  )
}

export function LastCheck({ connection, again }: PartProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const navigate = useNavigate()
  const { check, checking } = useCheck(connection.name)
  const { lastCheck } = connection
  return (
    <Panel
      title={t('page.check')}
      actions={
        <>
          <AllowedButton
            needs="ADMINISTRATOR"
            icon={<PlugConnectedSettingsRegular />}
            onClick={() => void navigate(`/connections/${encodeURIComponent(connection.name)}/edit`)}
          >
            {t('actions.edit')}
          </AllowedButton>
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            disabled={checking}
            onClick={() => void check().then(again)}
          >
            {t(checking ? 'actions.checking' : 'actions.check')}
          </AllowedButton>
        </>
      }
    >
      {lastCheck == null ? (
        <Text>{t('page.notChecked')}</Text>
      ) : (
        <>
          <Text size={200} className={styles.quiet}>
            <Instant at={lastCheck.checkedAt} as="ago" /> ({lastCheck.requestedBy})
          </Text>
          <Findings findings={lastCheck.findings} />
        </>
      )}
    </Panel>
  )
}

import { Badge, Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { AddRegular, PlugDisconnectedRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { Panel } from '../../shared/panel.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { ConnectionsDocument, type SetupFragment } from './generated/graphql.js'

const useStyles = makeStyles({
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 420px), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
})

/** How a connection stands: enabled, paused, or disabled. */
export function ConnectionBadge({ connection }: { readonly connection: SetupFragment }): ReactNode {
  const { t } = useTranslation('connections')
  const [color, state] =
    connection.disabledAt != null
      ? (['danger', 'disabled'] as const)
      : connection.pausedAt != null
        ? (['warning', 'paused'] as const)
        : (['success', 'enabled'] as const)
  return (
    <Badge appearance="tint" color={color}>
      {t(`states.${state}`)}
    </Badge>
  )
}

export function ConnectionList(): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const navigate = useNavigate()
  const [{ data, error }, refetch] = useQuery({ query: ConnectionsDocument })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  const add = (
    <AllowedButton
      needs="ADMINISTRATOR"
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate('/connections/new')}
    >
      {t('actions.add')}
    </AllowedButton>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={data?.connections.length === 0 ? undefined : add}>
      {data === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={again} />
        )
      ) : data.connections.length === 0 ? (
        <EmptyState title={t('empty')} icon={<PlugDisconnectedRegular />}>
          <Text>{t('emptyHint')}</Text>
          {add}
        </EmptyState>
      ) : (
        <div className={styles.cards}>
          {data.connections.map((connection) => (
            <Card key={connection.id} connection={connection} />
          ))}
        </div>
      )}
    </Page>
  )
}

function Card({ connection }: { readonly connection: SetupFragment }): ReactNode {
  const { t } = useTranslation('connections')
  const navigate = useNavigate()
  const address = `/connections/${encodeURIComponent(connection.name)}`
  const errors = connection.lastCheck?.findings.filter(({ severity }) => severity === 'ERROR').length ?? null
  return (
    <Panel title={connection.name} badge={<ConnectionBadge connection={connection} />}>
      <Facts
        facts={[
          [t('sides.LOCAL'), connection.localSystem.caption],
          [t('sides.INTEGRATION'), connection.integrationSystem.caption],
          [t('facts.mappings'), <Quantity key="mappings" value={connection.mappings.length} />],
          [
            t('facts.checked'),
            connection.lastCheck == null ? (
              t('facts.neverChecked')
            ) : (
              <span key="checked">
                <Instant at={connection.lastCheck.checkedAt} as="ago" />
                {errors !== null && errors > 0 && `, ${t('facts.errors', { count: errors })}`}
              </span>
            ),
          ],
        ]}
      />
      <div>
        <Button onClick={() => void navigate(address)}>{t('actions.open')}</Button>{' '}
        {connection.mappings.length === 0 && (
          <InnerLink to={`${address}/start`}>{t('actions.goOn')}</InnerLink>
        )}
      </div>
    </Panel>
  )
}

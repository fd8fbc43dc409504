import { Badge, makeStyles, tokens } from '@fluentui/react-components'
import { LockClosedRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { useRefusal } from '../../api/session.js'
import { Facts } from '../../shared/facts.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import {
  ConnectionSecretsDocument,
  type ConnectionSecretsQuery,
  type SetupFragment,
} from './generated/graphql.js'
import { flatSettings, settingLabel, settingValue } from './setting-words.js'

type Secrets = NonNullable<NonNullable<ConnectionSecretsQuery['connection']>['localSystem']['secrets']>

const useStyles = makeStyles({
  sides: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 400px), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
  },
  secret: {
    display: 'inline-flex',
    overflowWrap: 'anywhere',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
  },
})

/** Both ends with their settings, without secrets, and how each secret is kept. */
export function SystemPanels({ connection }: { readonly connection: SetupFragment }): ReactNode {
  const { t, i18n } = useTranslation('connections')
  const styles = useStyles()
  const refusal = useRefusal('ADMINISTRATOR')
  const [{ data }] = useQuery({
    query: ConnectionSecretsDocument,
    variables: { name: connection.name },
    pause: refusal !== null,
  })
  return (
    <div className={styles.sides}>
      {(['localSystem', 'integrationSystem'] as const).map((side) => (
        <Panel
          key={side}
          title={connection[side].caption}
          badge={
            <Badge appearance="outline">
              {t(side === 'localSystem' ? 'sides.LOCAL' : 'sides.INTEGRATION')}
            </Badge>
          }
        >
          <Facts
            facts={[
              [t('facts.kind'), t(`kinds.${connection[side].kind}`)],
              ...flatSettings(connection[side].settings).map(
                ([path, value]) =>
                  [settingLabel(path, t), settingValue(path, value, t, i18n.language)] as const,
              ),
            ]}
          />
          <SecretFacts secrets={data?.connection?.[side].secrets ?? null} refusal={refusal} />
        </Panel>
      ))}
    </div>
  )
}

interface SecretFactsProps {
  readonly secrets: Secrets | null
  readonly refusal: string | null
}

function SecretFacts({ secrets, refusal }: SecretFactsProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  if (refusal !== null) return <Facts facts={[[t('secret.title'), refusal]]} />
  if (secrets === null || secrets.length === 0) return null
  return (
    <Facts
      facts={secrets.map(({ member, kind, reference, rotatedAt }) => [
        settingLabel(member, t),
        <span key={member} className={styles.secret}>
          <LockClosedRegular aria-hidden="true" />
          {reference ?? t(`secret.kinds.${kind}`)}
          {rotatedAt != null && (
            <span>
              ({t('secret.entered')} <Instant at={rotatedAt} as="ago" />)
            </span>
          )}
        </span>,
      ])}
    />
  )
}

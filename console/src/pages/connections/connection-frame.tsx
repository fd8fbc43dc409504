import { PlugDisconnectedRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from './back-link.js'
import { Page } from '../../shared/page.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import type { SetupFragment } from './generated/graphql.js'
import type { ReadConnection } from './use-connection.js'

export interface ConnectionFrameProps {
  readonly read: ReadConnection
  readonly title: string
  readonly lead?: string
  readonly children: (connection: SetupFragment) => ReactNode
}

/** A page on one connection, once it was read. */
export function ConnectionFrame({ read, title, lead, children }: ConnectionFrameProps): ReactNode {
  const { t } = useTranslation('connections')
  const { connection, failure, again } = read
  return (
    <Page title={title} {...(lead === undefined ? {} : { lead })} actions={<BackLink to="/connections" />}>
      {connection == null ? (
        failure !== null ? (
          <ErrorState failure={failure} retry={again} />
        ) : connection === undefined ? (
          <LoadingState />
        ) : (
          <EmptyState title={t('gone', { name: read.name })} icon={<PlugDisconnectedRegular />} />
        )
      ) : (
        children(connection)
      )}
    </Page>
  )
}

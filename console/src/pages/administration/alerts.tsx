import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { Channels } from './channels.js'
import { AlertSettingsDocument } from './generated/graphql.js'
import { RaisedAlerts } from './raised-alerts.js'
import { Rules } from './rules.js'

/** What is wrong, when somebody is told, and how. */
export function Alerts(): ReactNode {
  const [{ data, error }, refetch] = useQuery({ query: AlertSettingsDocument })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  return (
    <>
      <RaisedAlerts />
      {data === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={again} />
        )
      ) : (
        <>
          <Rules
            rules={data.alertRules}
            channels={data.alertChannels}
            mappings={data.integrationTableMappings}
            onDone={again}
          />
          <Channels channels={data.alertChannels} onDone={again} />
        </>
      )}
    </>
  )
}

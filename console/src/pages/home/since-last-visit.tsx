import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useMemo, type ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { useLive } from '../../api/live.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { formatNumber } from '../../shared/quantity.js'
import { SinceDocument } from './generated/graphql.js'
import { lastVisit } from './last-visit.js'

/** What changed since whoever uses this browser was here last. */
export function SinceLastVisit(): ReactNode {
  const { t, i18n } = useTranslation('home')
  const from = useMemo(() => lastVisit(new Date()), [])
  const [{ data }, refetch] = useQuery({
    query: SinceDocument,
    variables: { from: from ?? '' },
    pause: from === null,
  })
  useLive(['counters', 'errors'], () => {
    if (from !== null) refetch({ requestPolicy: 'network-only' })
  })
  if (from === null || data === undefined) return null
  const number = (of: { readonly totalCount: number; readonly totalCountIsExact: boolean }): string =>
    `${formatNumber(of.totalCount, i18n.language)}${of.totalCountIsExact ? '' : '+'}`
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          {t('since.title')} <Instant at={from} as="ago" />:
        </MessageBarTitle>
        <Trans
          t={t}
          i18nKey="since.text"
          values={{
            writes: number(data.recordWrites),
            errors: number(data.integrationSynchErrors),
            skipped: number(data.skippedSynchRecords),
          }}
          components={{
            history: <InnerLink to="/history">{''}</InnerLink>,
            errors: <InnerLink to="/errors">{''}</InnerLink>,
            skips: <InnerLink to="/skipped">{''}</InnerLink>,
          }}
        />
      </MessageBarBody>
    </MessageBar>
  )
}

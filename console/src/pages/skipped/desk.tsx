import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHref, useNavigate, useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { SkippedSynchRecordDocument, type SettleResultFragment } from './generated/graphql.js'
import { Sides } from './settle-fields.js'
import { nameOf, recall, remember, type SkippedRecord } from './settled-records.js'
import { SettledView } from './settled-view.js'
import { useComparison } from './use-comparison.js'

/** One skipped record: what differs, who changed it when, and what shall hold. */
export function Desk(): ReactNode {
  const { t } = useTranslation('skipped')
  const { id = '' } = useParams()
  const [{ data, error, fetching }, refetch] = useQuery({
    query: SkippedSynchRecordDocument,
    variables: { id },
  })
  /** Kept once it is settled, when the server no longer knows it as skipped. */
  const [record, setRecord] = useState<SkippedRecord | null>(null)
  const found = data?.skippedSynchRecord ?? null
  useEffect(() => {
    if (found === null) return
    setRecord(found)
    remember(found)
  }, [found])
  const shown = record?.id === id ? record : found
  if (shown !== null) return <RecordDesk key={shown.id} record={shown} />
  if (fetching) return <LoadingState />
  if (error !== undefined && failureOf(error).code !== 'NOT_FOUND') {
    return <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
  }
  const settled = recall(id)
  return (
    <Page
      title={settled?.name ?? t('desk.gone')}
      {...(settled === null ? {} : { lead: t('desk.gone') })}
      actions={<BackButton />}
    >
      <EmptyState title={t('desk.goneHint')}>
        {settled?.couplingId != null && (
          <InnerLink to={`/couplings/${settled.couplingId}`}>{t('desk.coupling')}</InnerLink>
        )}
      </EmptyState>
    </Page>
  )
}

function BackButton(): ReactNode {
  const { t } = useTranslation('skipped')
  const navigate = useNavigate()
  return (
    <Button
      as="a"
      href={useHref('/skipped')}
      icon={<ArrowLeftRegular />}
      onClick={(event: React.MouseEvent) => {
        event.preventDefault()
        void navigate('/skipped')
      }}
    >
      {t('desk.back')}
    </Button>
  )
}

type Ending =
  | { readonly kind: 'applied'; readonly alike: readonly SettleResultFragment[] }
  | { readonly kind: 'changedSince'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy: string }

function RecordDesk({ record }: { readonly record: SkippedRecord }): ReactNode {
  const { t } = useTranslation('skipped')
  const [read, look] = useComparison(record.id)
  const [ending, setEnding] = useState<Ending | null>(null)
  const title = nameOf(record)

  function take(results: readonly SettleResultFragment[]): void {
    const own = results.find((result) => result.id === record.id)
    if (own === undefined) return
    switch (own.__typename) {
      case 'Applied':
        setEnding({ kind: 'applied', alike: results.filter((result) => result !== own) })
        return
      case 'ChangedSince':
        setEnding({ kind: 'changedSince', message: own.message })
        void look()
        return
      case 'Failed':
        setEnding({ kind: 'failed', message: own.message, remedy: own.remedy })
        void look()
    }
  }

  return (
    <Page
      title={title}
      lead={t('desk.lead', { table: record.record.tableCaption, mapping: record.mapping.name })}
      actions={<BackButton />}
    >
      {ending?.kind === 'applied' ? (
        <SettledView record={record} alike={ending.alike} />
      ) : (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>{record.message}</MessageBarTitle>
              {record.error != null && `${record.error.cause} `}
              {/* Of a conflict the remedy is to open this page. */}
              {record.error != null && record.errorClass !== 'CONFLICT' && `${record.error.remedy} `}
              <ErrorClassBadge errorClass={record.errorClass} /> <Instant at={record.skippedAt} />
            </MessageBarBody>
          </MessageBar>
          {ending !== null && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>{t(`ending.${ending.kind}`)}</MessageBarTitle>
                {ending.message} {ending.kind === 'failed' && ending.remedy}
              </MessageBarBody>
            </MessageBar>
          )}
          {read.kind === 'reading' && <LoadingState label={t('desk.looking')} />}
          {read.kind === 'failed' && <ErrorState failure={read.failure} retry={() => void look()} />}
          {read.kind === 'read' && (
            <Sides
              key={`${read.compared.versions.local} ${read.compared.versions.integration}`}
              record={record}
              compared={read.compared}
              take={take}
            />
          )}
        </>
      )}
    </Page>
  )
}

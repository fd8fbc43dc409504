import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from '@fluentui/react-components'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { RecordLink } from '../../shared/record-link.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { BulkButtons } from './bulk-buttons.js'
import { ErrorEntryDocument, type ErrorEntryQuery } from './generated/graphql.js'
import { needsDecision, ToDesk } from './to-desk.js'

type Entry = NonNullable<ErrorEntryQuery['integrationSynchError']>

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(110px, auto) 1fr',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { fontWeight: tokens.fontWeightSemibold },
  definition: { margin: 0, overflowWrap: 'anywhere' },
  evidence: {
    whiteSpace: 'pre-wrap',
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
})

/** One entry of the error log, whole. */
export function ErrorEntry(): ReactNode {
  const { id = '' } = useParams()
  const { t } = useTranslation('errors')
  const [{ data, error }, refetch] = useQuery({ query: ErrorEntryDocument, variables: { id } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['errors'], again)
  const entry = data?.integrationSynchError
  const skipped = entry?.coupling?.skippedSynchRecord?.id
  const back = <InnerLink to="/errors?view=entries">{t('entry.back')}</InnerLink>
  if (entry == null) {
    return (
      <Page title={t('entry.title')} lead={back}>
        {error === undefined ? <LoadingState /> : <ErrorState failure={failureOf(error)} retry={again} />}
      </Page>
    )
  }
  return (
    <Page title={entry.message} lead={back}>
      <MessageBar intent={entry.resolvedAt == null ? 'warning' : 'success'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{entry.cause}</MessageBarTitle> {entry.remedy}
        </MessageBarBody>
      </MessageBar>
      <BulkButtons
        of={{ errors: [entry.id] }}
        refusal={entry.resolvedAt == null ? null : t('group.nothingOpen')}
        {...(skipped !== undefined &&
          needsDecision(entry.errorClass) && { better: <ToDesk to={`/skipped/${skipped}`} /> })}
        onEnd={again}
      />
      <Facts entry={entry} />
    </Page>
  )
}

function Facts({ entry }: { readonly entry: Entry }): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  const skipped = entry.coupling?.skippedSynchRecord?.id
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['class', <ErrorClassBadge errorClass={entry.errorClass} />],
    ['source', <RecordLink record={entry.source} />],
    ['destination', <RecordLink record={entry.destination} />],
    ['mapping', entry.mapping.name],
    ['time', <Instant at={entry.time} />],
    ['firstSeen', <Instant at={entry.firstSeen} />],
    ['occurrences', <Quantity value={entry.occurrences} />],
    ['resolvedAt', <Instant at={entry.resolvedAt} none={t('entry.stands')} />],
    ['field', entry.field],
    [
      'group',
      entry.group == null ? null : (
        <InnerLink to={`/errors/group/${entry.group.id}`}>
          {t('entry.alike', { count: entry.group.openCount })}
        </InnerLink>
      ),
    ],
    [
      'desk',
      skipped === undefined ? null : <InnerLink to={`/skipped/${skipped}`}>{t('entry.settle')}</InnerLink>,
    ],
    ['code', entry.code],
    ['httpStatus', entry.httpStatus],
    ['traceId', entry.traceId],
    [
      'evidence',
      entry.evidence == null || entry.evidence === '' ? null : (
        <pre className={styles.evidence}>{entry.evidence}</pre>
      ),
    ],
  ]
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value != null)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt className={styles.term}>{t(`entry.facts.${name}`)}</dt>
            <dd className={styles.definition}>{value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}

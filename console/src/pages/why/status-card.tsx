import { Badge, Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { EyeRegular, TimelineRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { Facts } from '../../shared/facts.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { RecordLink } from '../../shared/record-link.js'
import { TextWithInstants } from '../../shared/text-with-instants.js'
import { useNotify } from '../../shared/toasts.js'
import { WhyNowDocument, type WhyStatusFragment } from './generated/graphql.js'
import { NextStep } from './next-step.js'

type Reason = WhyStatusFragment['reason']

const COLORS: Readonly<Record<Reason, 'success' | 'informative' | 'warning' | 'danger'>> = {
  IN_SYNC: 'success',
  PENDING_NEXT_RUN: 'informative',
  BACK_OFF: 'informative',
  NOT_COUPLED: 'informative',
  FILTERED: 'informative',
  UNKNOWN_RECORD: 'informative',
  WAITS_FOR: 'warning',
  DELETION_REVIEW: 'warning',
  MAPPING_PAUSED: 'warning',
  CONNECTION_STOPPED: 'danger',
  MAPPING_STOPPED: 'danger',
  CONFLICT: 'danger',
  SKIPPED: 'danger',
}

const useStyles = makeStyles({
  heading: { margin: 0 },
  message: { overflowWrap: 'anywhere' },
  evidence: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  link: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
})

export interface StatusCardProps {
  readonly status: WhyStatusFragment
  /** A step was taken: the answer may be another. */
  readonly onDone: () => void
}

/** One record: the reason in words, what it rests on, and the button that helps. */
export function StatusCard({ status: stored, onDone }: StatusCardProps): ReactNode {
  const { t } = useTranslation('why')
  const styles = useStyles()
  const { now, look, looking } = useLook(stored)
  const status = now ?? stored
  const { record, mapping, connection } = status
  return (
    <Panel
      title={record.name ?? record.id ?? mapping.name}
      badge={
        <Badge appearance="tint" color={COLORS[status.reason]}>
          {t(`reasons.${status.reason}`)}
        </Badge>
      }
    >
      <Text size={400} className={styles.message}>
        <TextWithInstants text={status.message} />
      </Text>
      <StatusFacts status={status} />
      {status.evidence.length > 0 && (
        <div>
          <Text weight="semibold" as="h3" block className={styles.heading}>
            {t('evidence')}
          </Text>
          <ul className={styles.evidence}>
            {status.evidence.map((sentence) => (
              <li key={sentence}>
                <TextWithInstants text={sentence} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className={styles.actions}>
        {status.nextStep != null && <NextStep step={status.nextStep} onDone={onDone} />}
        <Button icon={<EyeRegular />} disabled={looking || record.id == null} onClick={look}>
          {t('look')}
        </Button>
        {record.id != null && (
          <InnerLink
            className={styles.link}
            to={`/history/record?${new URLSearchParams({ connection: connection.name, mapping: mapping.name, side: record.side, id: record.id }).toString()}`}
          >
            <TimelineRegular aria-hidden="true" /> {t('timeline')}
          </InnerLink>
        )}
        {status.skippedSynchRecord != null && (
          <InnerLink to={`/skipped/${status.skippedSynchRecord.id}`}>{t('open.skipped')}</InnerLink>
        )}
        {status.error?.run != null && (
          <InnerLink to={`/jobs/${status.error.run.id}`}>{t('open.run')}</InnerLink>
        )}
        {status.reason === 'CONNECTION_STOPPED' && (
          <InnerLink to={`/connections/${encodeURIComponent(connection.name)}`}>
            {t('open.connection')}
          </InnerLink>
        )}
      </div>
    </Panel>
  )
}

function useLook({ record, connection }: WhyStatusFragment): {
  readonly now: WhyStatusFragment | null
  readonly looking: boolean
  look(): void
} {
  const client = useClient()
  const notify = useNotify()
  const [now, setNow] = useState<WhyStatusFragment | null>(null)
  const [looking, setLooking] = useState(false)
  async function look(): Promise<void> {
    const { system, table, side, id } = record
    if (id == null) return
    setLooking(true)
    const { data, error } = await client
      .query(
        WhyNowDocument,
        { system, table, side, id, connection: connection.name },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    setLooking(false)
    if (data !== undefined) setNow(data.recordStatus)
    else if (error !== undefined) notify({ intent: 'error', title: failureOf(error).message })
  }
  return { now, looking, look: () => void look() }
}

function StatusFacts({ status }: { readonly status: WhyStatusFragment }): ReactNode {
  const { t } = useTranslation('why')
  const { record, partner, waitsFor, error } = status
  return (
    <Facts
      facts={[
        [record.tableCaption, <RecordLink key="record" record={record} />],
        [t('facts.partner'), partner == null ? null : <RecordLink key="partner" record={partner} />],
        [t('facts.waitsFor'), waitsFor == null ? null : <RecordLink key="waitsFor" record={waitsFor} />],
        [
          t('facts.mapping'),
          <InnerLink
            key="mapping"
            to={`/mappings/${encodeURIComponent(status.connection.name)}/${encodeURIComponent(status.mapping.name)}`}
          >
            {status.mapping.name}
          </InnerLink>,
        ],
        [t('facts.clause'), status.clause],
        [t('facts.since'), status.since == null ? null : <Instant key="since" at={status.since} as="ago" />],
        [t('facts.until'), status.until == null ? null : <Instant key="until" at={status.until} as="ago" />],
        [t('facts.inSyncAsOf'), <Instant key="inSync" at={status.inSyncAsOf} none={t('never')} as="ago" />],
        [t('facts.error'), error == null ? null : <TextWithInstants key="error" text={error.message} />],
        [t('facts.cause'), error?.cause],
        [t('facts.remedy'), error?.remedy],
      ]}
    />
  )
}

import {
  Card,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { useClient, useQuery, type TypedDocumentNode } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import {
  CancelFullSynchDocument,
  FullSynchDetailDocument,
  FullSynchsDocument,
  PauseFullSynchDocument,
  PrepareFullSynchDocument,
  ResumeFullSynchDocument,
  StartFullSynchDocument,
  type FullSynchAction,
  type FullSynchReviewFragment,
} from './generated/graphql.js'
import { StatusBadge } from './status-badge.js'
import { Lines } from './lines.js'

type Review = FullSynchReviewFragment

/** Between two looks at a full synchronization that is under way. */
const LOOK_EVERY = 1_500

const useStyles = makeStyles({
  badge: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
})

/** Full Synch. Review: every mapping in dependency order, what is recommended for it, and how far it is. */
export default function FullSynch(): ReactNode {
  const { t } = useTranslation('full-synch')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const [connection, setConnection] = useState<string | null>(null)
  const [{ data, error }, refetch] = useQuery({ query: FullSynchsDocument, variables: { connection } })
  const [review, setReview] = useState<Review | null>(null)
  const [busy, setBusy] = useState(false)
  const [actions, setActions] = useState<Readonly<Record<string, FullSynchAction>>>({})
  const [asked, setAsked] = useState<'start' | 'cancel' | null>(null)
  const latest = data?.fullSynchs[0]?.id
  const id = review?.id ?? latest

  useEffect(() => {
    if (id === undefined) return undefined
    let isCurrent = true
    const look = async (): Promise<void> => {
      const answer = await client
        .query(FullSynchDetailDocument, { id }, { requestPolicy: 'network-only' })
        .toPromise()
      if (isCurrent && answer.data?.fullSynch != null) setReview(answer.data.fullSynch)
    }
    void look()
    const timer = setInterval(() => void look(), LOOK_EVERY)
    return () => {
      isCurrent = false
      clearInterval(timer)
    }
  }, [client, id])

  async function act<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    read: (data: Data) => Review,
  ): Promise<void> {
    setBusy(true)
    const answer = await client.mutation(document, variables).toPromise()
    if (answer.error !== undefined) {
      const { message, remedy } = failureOf(answer.error)
      notify({ intent: 'error', title: message, ...(remedy === null ? {} : { body: remedy }) })
    }
    if (answer.data !== undefined) setReview(read(answer.data))
    setBusy(false)
    setAsked(null)
  }

  if (data === undefined)
    return (
      <Page title={t('title')} lead={t('lead')}>
        {error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
        )}
      </Page>
    )

  const chosen = connection ?? data.connections[0]?.name ?? ''
  const prepare = (): Promise<void> => {
    setActions({})
    return act(PrepareFullSynchDocument, { connection: chosen }, (answer) => answer.prepareFullSynch)
  }
  const running = review?.status === 'RUNNING'
  const reviewing = review?.status === 'REVIEW'
  const started =
    review?.lines.filter((line) => (actions[line.mapping.name] ?? line.action) !== 'NONE').length ?? 0
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          <AllowedButton
            needs="OPERATOR"
            disabled={busy}
            refusal={running ? t('refusal.running') : null}
            onClick={() => void prepare()}
          >
            {t(review === null ? 'prepare' : 'prepareAgain')}
          </AllowedButton>
          {reviewing && (
            <AllowedButton
              needs="OPERATOR"
              appearance="primary"
              disabled={busy}
              refusal={started === 0 ? t('refusal.nothing') : null}
              onClick={() => setAsked('start')}
            >
              {t('start')}
            </AllowedButton>
          )}
          {running && (
            <>
              <AllowedButton
                needs="OPERATOR"
                disabled={busy}
                onClick={() =>
                  void (review.pausedAt === null
                    ? act(PauseFullSynchDocument, { id: review.id }, (answer) => answer.pauseFullSynch)
                    : act(ResumeFullSynchDocument, { id: review.id }, (answer) => answer.resumeFullSynch))
                }
              >
                {t(review.pausedAt === null ? 'pause' : 'resume')}
              </AllowedButton>
              <AllowedButton needs="OPERATOR" disabled={busy} onClick={() => setAsked('cancel')}>
                {t('cancel')}
              </AllowedButton>
            </>
          )}
        </>
      }
    >
      {data.connections.length > 1 && (
        <Field label={t('connection')} style={{ maxWidth: '320px' }}>
          <Select
            value={chosen}
            onChange={(_event, { value }) => {
              setReview(null)
              setConnection(value)
            }}
          >
            {data.connections.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
      )}
      {review === null ? (
        latest !== undefined || busy ? (
          <LoadingState label={t('counting')} />
        ) : (
          <EmptyState title={t('none')}>
            <Text>{t('noneHint')}</Text>
          </EmptyState>
        )
      ) : (
        <>
          <Card>
            <div className={styles.badge} role="status">
              <StatusBadge status={review.pausedAt !== null && running ? 'PAUSED' : review.status} />
              <Text>
                {t(`statusText.${review.status}`)} {review.requestedBy}{' '}
                <Instant at={review.finishedAt ?? review.startedAt ?? review.requestedAt} as="ago" />
              </Text>
            </div>
          </Card>
          {review.message != null && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>{review.message}</MessageBarBody>
            </MessageBar>
          )}
          {review.lines.length === 0 && review.message == null && <LoadingState label={t('counting')} />}
          <Lines
            lines={review.lines}
            editable={reviewing}
            actions={actions}
            onChoose={(mapping, action) => setActions((before) => ({ ...before, [mapping]: action }))}
          />
          <ConfirmDialog
            open={asked === 'start'}
            title={t('startTitle')}
            confirm={t('start')}
            onClose={() => setAsked(null)}
            onConfirm={() =>
              act(
                StartFullSynchDocument,
                {
                  id: review.id,
                  lines: Object.entries(actions).map(([mapping, action]) => ({ mapping, action })),
                },
                (answer) => answer.startFullSynch,
              )
            }
          >
            <Text block>{t('startText')}</Text>
            {Object.values(actions).includes('UNCONDITIONAL') && <Text block>{t('unconditionalText')}</Text>}
          </ConfirmDialog>
          <ConfirmDialog
            open={asked === 'cancel'}
            title={t('cancelTitle')}
            confirm={t('cancel')}
            onClose={() => setAsked(null)}
            onConfirm={() =>
              act(CancelFullSynchDocument, { id: review.id }, (answer) => answer.cancelFullSynch)
            }
          >
            {t('cancelText')}
          </ConfirmDialog>
        </>
      )}
    </Page>
  )
}

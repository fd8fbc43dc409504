import {
  Card,
  makeStyles,
  MessageBar,
  MessageBarBody,
  ProgressBar,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { CouplingTabs } from './coupling-tabs.js'
import {
  CancelReconciliationDocument,
  ReconcileDocument,
  ReconciliationDocument,
  ReconciliationsDocument,
  type ReconciliationSummaryFragment,
} from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'
import { Items } from './agreement-items.js'

/** Between two looks at a comparison that is under way. */
const LOOK_EVERY = 1_500

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, flexShrink: 0 },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** How many pairs of a mapping agree, which do not and why, and their repair. */
export function Agreement(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  return (
    <Page fill title={t('agreement.title')} lead={t('agreement.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen === null ? (
            <Text>{t('agreement.choose')}</Text>
          ) : (
            <OfMapping key={chosen.id} mapping={chosen} />
          )}
        </>
      )}
    </Page>
  )
}

function OfMapping({ mapping }: { readonly mapping: CoupledMapping }): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const names = { connection: mapping.connection.name, mapping: mapping.name }
  const [{ data, error }, refetch] = useQuery({
    query: ReconciliationsDocument,
    variables: names,
    requestPolicy: 'network-only',
  })
  const [own, setOwn] = useState<ReconciliationSummaryFragment | null>(null)
  const [busy, setBusy] = useState(false)
  const found = own ?? data?.reconciliations[0] ?? null
  const running = found?.status === 'RUNNING' ? found.id : null
  useEffect(() => {
    if (running === null) return undefined
    const timer = setInterval(() => {
      void client
        .query(ReconciliationDocument, { id: running }, { requestPolicy: 'network-only' })
        .toPromise()
        .then((answer) => {
          if (answer.data?.reconciliation != null) setOwn(answer.data.reconciliation)
        })
    }, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [client, running])

  async function compare(): Promise<void> {
    setBusy(true)
    const answer = await client.mutation(ReconcileDocument, names).toPromise()
    if (answer.error !== undefined) notify({ intent: 'error', title: failureOf(answer.error).message })
    if (answer.data !== undefined) setOwn(answer.data.reconcileMapping)
    setBusy(false)
  }

  if (data === undefined)
    return error === undefined ? (
      <LoadingState />
    ) : (
      <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
    )
  return (
    <>
      <Card className={styles.card} role="region" aria-label={t('agreement.summary')}>
        <div className={styles.line}>
          {found === null ? (
            <Text>{t('agreement.never')}</Text>
          ) : (
            <>
              {found.equalPercent !== null && (
                <Text size={800} weight="semibold">
                  <Quantity value={found.equalPercent / 100} as="percent" />
                </Text>
              )}
              <div style={{ flexGrow: 1, flexBasis: 240 }} role="status">
                <Text block>{found.summary}</Text>
                <Text size={200} className={styles.quiet}>
                  <Instant at={found.finishedAt ?? found.startedAt} as="ago" />
                </Text>
              </div>
            </>
          )}
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            disabled={busy || running !== null}
            onClick={() => void compare()}
          >
            {t(found === null ? 'agreement.compare' : 'agreement.compareAgain')}
          </AllowedButton>
          {running !== null && (
            <AllowedButton
              needs="OPERATOR"
              onClick={() => void client.mutation(CancelReconciliationDocument, { id: running }).toPromise()}
            >
              {t('agreement.cancel')}
            </AllowedButton>
          )}
        </div>
        {(busy || running !== null) && <ProgressBar aria-label={t('agreement.running')} />}
        {found?.message != null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{found.message}</MessageBarBody>
          </MessageBar>
        )}
      </Card>
      {found !== null && running === null && (
        <Items key={found.id + String(found.finishedAt)} found={found} />
      )}
    </>
  )
}

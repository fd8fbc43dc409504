import {
  Badge,
  Button,
  Card,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowClockwiseRegular, ArrowSyncRegular, LinkDismissRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Fact } from '../../shared/fact.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import {
  CouplingDetailDocument,
  CouplingPreviewDocument,
  type CouplingDetailQuery,
  type SynchronizeDirection,
} from './generated/graphql.js'
import { STATUS_COLORS } from './list.js'
import { SideBySide } from './side-by-side.js'
import { SynchronizeDialog } from './synchronize-dialog.js'
import { UncoupleDialog } from './uncouple-dialog.js'
import { Writes } from './writes.js'

type Coupling = NonNullable<CouplingDetailQuery['coupling']>

const useStyles = makeStyles({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
})

export function CouplingPage(): ReactNode {
  const { t } = useTranslation('couplings')
  const { id = '' } = useParams()
  const [{ data, error }, refetch] = useQuery({ query: CouplingDetailDocument, variables: { id } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  const coupling = data?.coupling
  if (coupling != null) return <Loaded coupling={coupling} again={again} />
  if (error !== undefined) return <ErrorState failure={failureOf(error)} retry={again} />
  if (data === undefined) return <LoadingState />
  return (
    <EmptyState title={t('gone')}>
      <Link to="/couplings">{t('title')}</Link>
    </EmptyState>
  )
}

function Loaded({ coupling, again }: { readonly coupling: Coupling; readonly again: () => void }): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'synchronize' | 'uncouple' | null>(null)
  const { mapping, localRecord, integrationRecord } = coupling
  const [{ data, error, fetching }, look] = useQuery({
    query: CouplingPreviewDocument,
    variables: {
      connection: mapping.connection.name,
      mapping: mapping.name,
      localId: localRecord.id ?? '',
      integrationId: integrationRecord.id ?? '',
    },
    requestPolicy: 'network-only',
    pause: localRecord.id === null || integrationRecord.id === null,
  })
  const preview = data?.couplingPreview
  const lookAgain = (): void => look({ requestPolicy: 'network-only' })
  const editedLast = preview?.stamps?.editedLast
  const recommended: SynchronizeDirection | undefined =
    editedLast === 'LOCAL'
      ? 'TO_INTEGRATION_TABLE'
      : editedLast === 'INTEGRATION'
        ? 'FROM_INTEGRATION_TABLE'
        : undefined
  const kinds = preview === undefined ? [] : preview.choices.map(({ synchronize }) => synchronize)
  return (
    <Page
      title={localRecord.name ?? integrationRecord.name ?? t('unnamed')}
      lead={
        <>
          <Link
            to={`/mappings/${encodeURIComponent(mapping.connection.name)}/${encodeURIComponent(mapping.name)}`}
            className={styles.link}
          >
            {mapping.name}
          </Link>{' '}
          · {mapping.connection.localSystem.caption} – {mapping.connection.integrationSystem.caption}
        </>
      }
      actions={
        <>
          <Button icon={<ArrowClockwiseRegular />} disabled={fetching} onClick={lookAgain}>
            {t('lookAgain')}
          </Button>
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            icon={<ArrowSyncRegular />}
            refusal={preview === undefined ? t('notRead') : null}
            onClick={() => setAsked('synchronize')}
          >
            {t('synchronize.button')}
          </AllowedButton>
          <AllowedButton needs="OPERATOR" icon={<LinkDismissRegular />} onClick={() => setAsked('uncouple')}>
            {t('uncouple.button')}
          </AllowedButton>
        </>
      }
    >
      <Card>
        <div className={styles.facts}>
          <Fact term={t('columns.status')}>
            <Badge appearance="tint" color={STATUS_COLORS[coupling.status]}>
              {t(`status.${coupling.status}`)}
            </Badge>
          </Fact>
          <Fact term={mapping.connection.localSystem.caption}>
            <RecordLink record={localRecord} />
          </Fact>
          <Fact term={mapping.connection.integrationSystem.caption}>
            <RecordLink record={integrationRecord} />
          </Fact>
          <Fact term={t('columns.last')}>
            <Instant at={coupling.lastSynchronizedAt} none={t('never')} />
          </Fact>
          <Fact term={t('since')}>
            <Instant at={coupling.createdAt} />
          </Fact>
        </div>
      </Card>
      {coupling.skippedSynchRecord != null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{coupling.skippedSynchRecord.message}</MessageBarBody>
        </MessageBar>
      )}
      {coupling.openErrors.map((open) => (
        <MessageBar key={open.id} intent="error" layout="multiline">
          <MessageBarBody>
            {open.message} {open.remedy}
          </MessageBarBody>
        </MessageBar>
      ))}
      {coupling.pendingReason != null && (
        <Text className={styles.quiet}>
          {t([`pending.${coupling.pendingReason}`, `console:errorClass.${coupling.pendingReason}`])}
        </Text>
      )}
      {preview !== undefined ? (
        <SideBySide
          fields={preview.fields}
          localTitle={mapping.connection.localSystem.caption}
          integrationTitle={mapping.connection.integrationSystem.caption}
        />
      ) : error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={lookAgain} />
      ) : (
        <LoadingState label={t('looking')} />
      )}
      {asked === 'synchronize' && preview !== undefined && (
        <SynchronizeDialog
          ids={[coupling.id]}
          direction={mapping.direction}
          {...(recommended === undefined || mapping.direction !== 'BIDIRECTIONAL' ? {} : { recommended })}
          seen={{
            couplingId: coupling.id,
            local: preview.versions.local,
            integration: preview.versions.integration,
          }}
          preview={(direction) => {
            const choice = preview.choices[kinds.indexOf(direction)]
            return choice === undefined ? null : <Writes choice={choice} fields={preview.fields} />
          }}
          refusal={(direction) => preview.choices[kinds.indexOf(direction)]?.problem ?? null}
          onClose={() => setAsked(null)}
          onDone={() => {
            again()
            lookAgain()
          }}
        />
      )}
      {asked === 'uncouple' && (
        <UncoupleDialog
          ids={[coupling.id]}
          onClose={() => setAsked(null)}
          onDone={() => void navigate('/couplings')}
        />
      )}
    </Page>
  )
}

import {
  Button,
  Checkbox,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHref, useNavigate, useParams } from 'react-router'
import { useClient, useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { useRefusal } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant, useNow } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useAction } from '../../shared/use-action.js'
import {
  allOf,
  isOpen,
  recommended,
  toFieldChoices,
  undecided,
  type Choice,
  type Choices,
  type Compared,
} from './choices.js'
import { FieldTable } from './field-table.js'
import {
  AlikeCountDocument,
  ComparisonDocument,
  ResolveDocument,
  SettleDocument,
  SkippedSynchRecordDocument,
  type SettleResultFragment,
  type Side,
  type SkippedAction,
  type SkippedSynchRecordQuery,
} from './generated/graphql.js'
import { RuleDialog } from './rule-dialog.js'
import { SettledView } from './settled-view.js'

export type SkippedRecord = NonNullable<SkippedSynchRecordQuery['skippedSynchRecord']>

/** Records settled since the console was opened: the server keeps nothing of a skip that was lifted. */
const settledHere = new Map<string, SkippedRecord>()

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  spread: { justifyContent: 'space-between' },
  person: { display: 'block', fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    position: 'sticky',
    bottom: `calc(-1 * ${tokens.spacingVerticalXL})`,
    backgroundColor: tokens.colorNeutralBackground2,
    paddingBlock: tokens.spacingVerticalM,
    '@media (max-width: 699px)': { position: 'static' },
  },
})

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
    if (found !== null) setRecord(found)
  }, [found])
  const shown = record?.id === id ? record : found
  if (shown !== null) return <RecordDesk key={shown.id} record={shown} />
  if (fetching) return <LoadingState />
  if (error !== undefined && failureOf(error).code !== 'NOT_FOUND') {
    return <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
  }
  const settled = settledHere.get(id)
  const name = settled === undefined ? null : nameOf(settled)
  return (
    <Page
      title={name ?? t('desk.gone')}
      {...(name === null ? {} : { lead: t('desk.gone') })}
      actions={<BackButton />}
    >
      <EmptyState title={t('desk.goneHint')}>
        {settled?.coupling != null && (
          <InnerLink to={`/couplings/${settled.coupling.id}`}>{t('desk.coupling')}</InnerLink>
        )}
      </EmptyState>
    </Page>
  )
}

function nameOf({ record, id }: SkippedRecord): string {
  return record.name ?? record.id ?? id
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

type Read =
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'read'; readonly compared: Compared }

/** The two records: at once as they were met, and as they are now as soon as a worker has looked at both systems. */
function useComparison(id: string): readonly [Read, () => Promise<void>] {
  const client = useClient()
  const [read, setRead] = useState<Read>({ kind: 'reading' })
  const look = useCallback(
    async (fresh: boolean): Promise<void> => {
      const { data, error } = await client
        .query(ComparisonDocument, { id, fresh }, { requestPolicy: 'network-only' })
        .toPromise()
      const compared = data?.skippedSynchRecordComparison ?? null
      setRead((before) => {
        // What is kept of a record may be no more than that it failed.
        if (compared !== null && (fresh || (compared.fields.length > 0 && before.kind !== 'read'))) {
          return { kind: 'read', compared }
        }
        return fresh && before.kind !== 'read' && error !== undefined
          ? { kind: 'failed', failure: failureOf(error) }
          : before
      })
    },
    [client, id],
  )
  useEffect(() => {
    void look(false)
    void look(true)
  }, [look])
  return [read, useCallback(() => look(true), [look])]
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
        settledHere.set(record.id, record)
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
              {record.error != null && `${record.error.cause} ${record.error.remedy} `}
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

interface SidesProps {
  readonly record: SkippedRecord
  readonly compared: Compared
  take(results: readonly SettleResultFragment[]): void
}

function Sides({ record, compared, take }: SidesProps): ReactNode {
  const { t } = useTranslation('skipped')
  const { t: common } = useTranslation()
  const styles = useStyles()
  const readOnly = useRefusal('OPERATOR') !== null
  const [choices, setChoices] = useState<Choices>(() => recommended(compared.fields))
  const [showEqual, setShowEqual] = useState(false)
  const [forAlike, setForAlike] = useState(false)
  const [ruleOpen, setRuleOpen] = useState(false)
  const { act, busy: resolving } = useAction()
  const [{ data: alikeData }] = useQuery({ query: AlikeCountDocument, variables: { id: record.id } })
  const alike = (alikeData?.skippedSynchRecords.totalCount ?? 1) - 1
  const names: Readonly<Record<Side, string>> = {
    LOCAL: systemName(compared.local?.record, common),
    INTEGRATION: systemName(compared.integration?.record, common),
  }
  const differing = compared.fields.filter(({ equal }) => !equal)
  const missing = undecided(compared.fields, choices)
  const bothThere = compared.local?.found !== false && compared.integration?.found !== false

  async function apply(): Promise<void> {
    const fields = toFieldChoices(compared.fields, choices)
    const data = await act(ResolveDocument, {
      fields,
      ...(forAlike ? { filter: { alikeTo: record.id } } : { ids: [record.id] }),
      seen: [{ id: record.id, ...versionsOf(compared) }],
    })
    if (data !== null) take(data.resolveSkippedSynchRecords)
  }

  if (!bothThere || differing.length === 0) {
    return (
      <>
        <Text>{t(bothThere ? 'desk.agree' : 'desk.oneSide')}</Text>
        <OtherActions record={record} compared={compared} bothThere={bothThere} take={take} />
      </>
    )
  }
  return (
    <>
      <div className={`${styles.row} ${styles.spread}`}>
        <div className={styles.row}>
          {(['LOCAL', 'INTEGRATION'] as const).map((side) => (
            <Button key={side} disabled={readOnly} onClick={() => setChoices(allOf(side, compared.fields))}>
              {t('desk.keepAll', { side: names[side] })}
            </Button>
          ))}
          <Button disabled={readOnly} onClick={() => setChoices(recommended(compared.fields))}>
            {t('desk.recommended')}
          </Button>
        </div>
        <Switch
          label={t('desk.showEqual')}
          checked={showEqual}
          onChange={(_event, { checked }) => setShowEqual(checked)}
        />
      </div>
      <Text>
        {t(`advice.${compared.recommendation.reason}`)} <Age compared={compared} />
      </Text>
      <FieldTable
        fields={showEqual ? compared.fields : differing}
        choices={choices}
        names={names}
        readOnly={readOnly || resolving}
        titles={{
          base: (
            <>
              {t('desk.base')}
              <Text size={200} className={styles.person}>
                {t('desk.baseHint')}
              </Text>
            </>
          ),
          local: <SideTitle name={names.LOCAL} side={compared.local} />,
          integration: <SideTitle name={names.INTEGRATION} side={compared.integration} />,
        }}
        choose={(name: string, choice: Choice) => setChoices((before) => new Map(before).set(name, choice))}
      />
      <div className={styles.foot}>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          disabled={resolving}
          refusal={
            missing.length === 0
              ? null
              : t('desk.chooseFirst', { fields: missing.map(({ localCaption }) => localCaption).join(', ') })
          }
          onClick={() => void apply()}
        >
          {t(resolving ? 'desk.applying' : 'desk.apply')}
        </AllowedButton>
        {alike > 0 && (
          <Checkbox
            label={t('desk.sameForAlike', { count: alike })}
            checked={forAlike}
            disabled={readOnly}
            onChange={(_event, { checked }) => setForAlike(checked === true)}
          />
        )}
        <AllowedButton
          needs="OPERATOR"
          refusal={
            compared.fields.some((field) => isOpen(field) && choices.get(field.name)?.kind === 'side')
              ? null
              : t('rule.chooseFirst')
          }
          onClick={() => setRuleOpen(true)}
        >
          {t('rule.open')}
        </AllowedButton>
        <OtherActions record={record} compared={compared} bothThere take={take} />
      </div>
      {ruleOpen && (
        <RuleDialog
          id={record.id}
          fields={compared.fields}
          choices={choices}
          names={names}
          close={() => setRuleOpen(false)}
        />
      )}
    </>
  )
}

function versionsOf({ versions }: Compared): {
  readonly local: string | null
  readonly integration: string | null
} {
  return { local: versions.local ?? null, integration: versions.integration ?? null }
}

function systemName(
  record: { readonly system: string } | undefined | null,
  t: (key: string) => string,
): string {
  return record == null ? t('record.none') : t(`record.systems.${record.system}`)
}

/** How far back a look at both systems still is a look at them now, milliseconds. */
const NOW = 60_000

/** As of when both sides are shown. */
function Age({ compared }: { readonly compared: Compared }): ReactNode {
  const { t } = useTranslation('skipped')
  const now = useNow(compared.fresh)
  if (compared.fresh && now - Date.parse(compared.asOf) < NOW) return t('desk.asNow')
  return (
    <>
      {t(compared.fresh ? 'desk.asLooked' : 'desk.asMet')} <Instant at={compared.asOf} as="ago" />
    </>
  )
}

/** Who changed a side, and when, as far as its system tells. */
function SideTitle({ name, side }: { readonly name: string; readonly side: Compared['local'] }): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  return (
    <>
      {side == null ? name : <RecordLink record={{ ...side.record, name }} />}
      {side?.modifiedAt != null && (
        <Text size={200} className={styles.person}>
          {side.modifiedBy != null && `${side.modifiedBy}, `}
          <Instant at={side.modifiedAt} as="ago" />
          {side.writtenByAccord && ` (${t('desk.byAccord')})`}
        </Text>
      )}
    </>
  )
}

interface OtherActionsProps extends SidesProps {
  readonly bothThere: boolean
}

/** What can be done besides choosing values. */
function OtherActions({ record, compared, bothThere, take }: OtherActionsProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  const { act, busy: settling } = useAction()
  const actions: readonly SkippedAction[] = bothThere
    ? ['RETRY', 'DELETE_COUPLINGS']
    : ['RESTORE_RECORDS', 'DELETE_RECORDS', 'DELETE_COUPLINGS', 'RETRY']
  async function carryOut(action: SkippedAction): Promise<void> {
    const data = await act(SettleDocument, { action, ids: [record.id] })
    if (data !== null) take(data.settleSkippedSynchRecords)
  }
  const { advice, action: step } = compared.recommendation
  return (
    <div className={styles.row}>
      {actions.map((action) => (
        <AllowedButton
          key={action}
          needs="OPERATOR"
          disabled={settling}
          appearance={!bothThere && advice === action ? 'primary' : 'secondary'}
          onClick={() => void carryOut(action)}
        >
          {t(`actions.${action}`)}
        </AllowedButton>
      ))}
      {!bothThere && step != null && <Text>{step.text}</Text>}
      {record.error != null && (
        <InnerLink to={`/errors/entry/${record.error.id}`}>{t('desk.error')}</InnerLink>
      )}
    </div>
  )
}

import {
  Button,
  Card,
  Checkbox,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Spinner,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { SearchRegular } from '@fluentui/react-icons'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient, useMutation, useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { CouplingTabs } from './coupling-tabs.js'
import {
  CoupleRecordsDocument,
  CouplingCandidatesDocument,
  CouplingPreviewDocument,
  FindRecordsDocument,
  type CoupleSynchronize,
  type FindRecordsQuery,
  type Side,
} from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { SideBySide } from './side-by-side.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'
import { Writes } from './writes.js'

const SIDES = ['LOCAL', 'INTEGRATION'] as const

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '220px', minWidth: 0 },
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** A record that was chosen, by the side it lies on. */
interface Chosen {
  readonly side: Side
  readonly id: string
  readonly name: string
}

/** Set Up Coupling: a record, its partner, both side by side, and what is synchronized with it. */
export function SetUpCoupling(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  const [record, setRecord] = useState<Chosen | null>(null)
  const [partner, setPartner] = useState<string | null>(null)
  return (
    <Page title={t('setUp.title')} lead={t('setUp.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen !== null && (
            <FindRecord
              key={chosen.id}
              mapping={chosen}
              onChoose={(found) => {
                setRecord(found)
                setPartner(null)
              }}
            />
          )}
          {chosen !== null && record !== null && (
            <Candidates
              key={`${chosen.id}${record.side}${record.id}`}
              mapping={chosen}
              record={record}
              onChoose={setPartner}
            />
          )}
          {chosen !== null && record !== null && partner !== null && (
            <Pair
              key={`${record.id} ${partner}`}
              mapping={chosen}
              localId={record.side === 'LOCAL' ? record.id : partner}
              integrationId={record.side === 'LOCAL' ? partner : record.id}
            />
          )}
        </>
      )}
    </Page>
  )
}

function tableOf(mapping: CoupledMapping, side: Side): string {
  return side === 'LOCAL'
    ? `${mapping.localTableCaption ?? mapping.localTable} (${mapping.connection.localSystem.caption})`
    : `${mapping.integrationTableCaption ?? mapping.integrationTable} (${mapping.connection.integrationSystem.caption})`
}

function FindRecord({
  mapping,
  onChoose,
}: {
  readonly mapping: CoupledMapping
  onChoose(record: Chosen): void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const [text, setText] = useState('')
  const [side, setSide] = useState<Side>('LOCAL')
  const [found, setFound] = useState<FindRecordsQuery['recordStatuses'] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)

  async function find(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    const { data, error } = await client
      .query(
        FindRecordsDocument,
        { connection: mapping.connection.name, mapping: mapping.name, text: text.trim() },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    setFailure(error === undefined ? null : failureOf(error))
    setFound(data?.recordStatuses ?? null)
    setBusy(false)
  }

  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setUp.record')}</Subtitle1>
      <form className={styles.form} onSubmit={(event) => void find(event)}>
        <Field label={t('setUp.text')} hint={t('setUp.textHint')} className={styles.grow}>
          <Input value={text} onChange={(_event, { value }) => setText(value)} />
        </Field>
        <Button type="submit" icon={<SearchRegular />} disabled={busy || text.trim() === ''}>
          {t('setUp.find')}
        </Button>
      </form>
      {failure !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failure.message}</MessageBarBody>
        </MessageBar>
      )}
      <div role="status">{busy && <Spinner size="tiny" label={t('looking')} />}</div>
      {found !== null && (
        <ul className={styles.list}>
          {found.map(({ record, message }) => (
            <li key={record.side + (record.id ?? '')} className={styles.row}>
              <span>
                {record.name ?? record.id} <Text className={styles.quiet}>{record.tableCaption}</Text>
                <Text block size={200} className={styles.quiet}>
                  {message}
                </Text>
              </span>
              <Button
                size="small"
                disabled={record.id === null}
                onClick={() =>
                  onChoose({ side: record.side, id: record.id ?? '', name: record.name ?? record.id ?? '' })
                }
              >
                {t('setUp.choose', { name: record.name ?? record.id })}
              </Button>
            </li>
          ))}
          {/^[0-9a-f-]{36}$/i.test(text.trim()) && (
            <li className={styles.row}>
              <Field label={t('setUp.idOf')}>
                <RadioGroup
                  layout="horizontal"
                  value={side}
                  onChange={(_event, { value }) => setSide(value as Side)}
                >
                  {SIDES.map((one) => (
                    <Radio key={one} value={one} label={tableOf(mapping, one)} />
                  ))}
                </RadioGroup>
              </Field>
              <Button size="small" onClick={() => onChoose({ side, id: text.trim(), name: text.trim() })}>
                {t('setUp.byId')}
              </Button>
            </li>
          )}
          {found.length === 0 && <li>{t('setUp.nothingFound')}</li>}
        </ul>
      )}
    </Card>
  )
}

function Candidates({
  mapping,
  record,
  onChoose,
}: {
  readonly mapping: CoupledMapping
  readonly record: Chosen
  onChoose(partner: string): void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const [own, setOwn] = useState('')
  const [{ data, error }, again] = useQuery({
    query: CouplingCandidatesDocument,
    variables: {
      connection: mapping.connection.name,
      mapping: mapping.name,
      side: record.side,
      id: record.id,
    },
    requestPolicy: 'network-only',
  })
  const answer = data?.couplingCandidates
  const other: Side = record.side === 'LOCAL' ? 'INTEGRATION' : 'LOCAL'
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">
        {t('setUp.partnerOf', { name: answer?.record.record.name ?? record.name })}
      </Subtitle1>
      {error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={() => again({ requestPolicy: 'network-only' })} />
      ) : answer === undefined ? (
        <LoadingState label={t('looking')} />
      ) : (
        <>
          {answer.record.problem !== null && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{answer.record.problem}</MessageBarBody>
            </MessageBar>
          )}
          {answer.record.partnerName !== null && (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>{t('setUp.coupledWith', { name: answer.record.partnerName })}</MessageBarBody>
            </MessageBar>
          )}
          {answer.problem !== null && <Text>{answer.problem}</Text>}
          {answer.rules.map((rule) => (
            <div key={rule.priority}>
              <Text weight="semibold" block>
                {t('setUp.rule', {
                  priority: rule.priority,
                  fields: rule.fields.join(', '),
                  count: rule.total,
                })}
              </Text>
              <ul className={styles.list}>
                {rule.candidates.map((candidate) => (
                  <li key={candidate.record.id} className={styles.row}>
                    <span>
                      <RecordLink record={candidate.record} />{' '}
                      <Text size={200} className={styles.quiet}>
                        {candidate.problem ??
                          (candidate.partnerId === null
                            ? t('setUp.free')
                            : t('setUp.coupledWith', { name: candidate.partnerName ?? candidate.partnerId }))}
                      </Text>
                    </span>
                    <Button size="small" onClick={() => onChoose(candidate.record.id ?? '')}>
                      {t('setUp.compare', { name: candidate.record.name ?? candidate.record.id })}
                    </Button>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <div className={styles.form}>
            <Field label={t('setUp.own', { table: tableOf(mapping, other) })} className={styles.grow}>
              <Input value={own} onChange={(_event, { value }) => setOwn(value)} />
            </Field>
            <Button disabled={own.trim() === ''} onClick={() => onChoose(own.trim())}>
              {t('setUp.compareId')}
            </Button>
          </div>
        </>
      )}
    </Card>
  )
}

function Pair({
  mapping,
  localId,
  integrationId,
}: {
  readonly mapping: CoupledMapping
  readonly localId: string
  readonly integrationId: string
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const navigate = useNavigate()
  const notify = useNotify()
  const [choice, setChoice] = useState<CoupleSynchronize | null>(null)
  const [recouple, setRecouple] = useState(false)
  const [{ fetching }, couple] = useMutation(CoupleRecordsDocument)
  const names = { connection: mapping.connection.name, mapping: mapping.name }
  const [{ data, error }, again] = useQuery({
    query: CouplingPreviewDocument,
    variables: { ...names, localId, integrationId },
    requestPolicy: 'network-only',
  })
  const preview = data?.couplingPreview
  if (error !== undefined)
    return <ErrorState failure={failureOf(error)} retry={() => again({ requestPolicy: 'network-only' })} />
  if (preview === undefined) return <LoadingState label={t('looking')} />
  const chosen = preview.choices.find(({ synchronize }) => synchronize === choice) ?? preview.choices[0]
  const isTaken = preview.local.couplingId !== null || preview.integration.couplingId !== null
  const refusal =
    preview.couplingId !== null
      ? t('setUp.areCoupled')
      : preview.problem !== null && !(isTaken && recouple)
        ? preview.problem
        : null
  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setUp.compareTitle')}</Subtitle1>
      <SideBySide
        fields={preview.fields}
        localTitle={preview.local.record.name ?? mapping.connection.localSystem.caption}
        integrationTitle={preview.integration.record.name ?? mapping.connection.integrationSystem.caption}
      />
      <Field label={t('setUp.synchronize')}>
        <RadioGroup
          value={chosen?.synchronize ?? ''}
          onChange={(_event, { value }) => setChoice(value as CoupleSynchronize)}
        >
          {preview.choices.map(({ synchronize }) => (
            <Radio key={synchronize} value={synchronize} label={t(`setUp.choices.${synchronize}`)} />
          ))}
        </RadioGroup>
      </Field>
      {chosen !== undefined && <Writes choice={chosen} fields={preview.fields} />}
      {preview.problem !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{preview.problem}</MessageBarBody>
        </MessageBar>
      )}
      {isTaken && preview.couplingId === null && (
        <Checkbox
          label={t('setUp.recouple')}
          checked={recouple}
          onChange={(_event, { checked }) => setRecouple(checked === true)}
        />
      )}
      <div>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          refusal={refusal}
          disabled={fetching}
          onClick={() =>
            void couple({
              ...names,
              localId,
              integrationId,
              synchronize: chosen?.synchronize ?? 'NONE',
              recouple,
            }).then((answer) => {
              if (answer.error !== undefined) {
                notify({ intent: 'error', title: failureOf(answer.error).message })
                return
              }
              const result = answer.data?.coupleRecords
              if (result !== undefined && 'couplingId' in result) {
                notify({
                  intent: 'success',
                  title: t('setUp.done'),
                  ...(result.coupledMessage === null ? {} : { body: result.coupledMessage }),
                })
                void navigate(`/couplings/${result.couplingId}`)
              } else {
                notify({ intent: 'warning', title: result?.message ?? t('setUp.notDone') })
                again({ requestPolicy: 'network-only' })
              }
            })
          }
        >
          {t('setUp.couple')}
        </AllowedButton>
      </div>
    </Card>
  )
}

import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf } from '../../../api/failure.js'
import { AllowedButton } from '../../../shared/allowed-button.js'
import { Panel } from '../../../shared/panel.js'
import { EmptyState, ErrorState, LoadingState } from '../../../shared/states.js'
import { Steps } from '../../../shared/steps.js'
import {
  CreateMappingDocument,
  NewMappingConnectionsDocument,
  SuggestedFieldsDocument,
} from '../generated/graphql.js'
import { Problems, problemsOf } from '../problems.js'
import { useTables } from '../use-tables.js'
import { FieldsStep } from './fields-step.js'
import {
  inputOfNew,
  newDraft,
  offeredPairs,
  takenPairs,
  type NewDraft,
  type OfferedPair,
} from './new-draft.js'
import { RulesStep } from './rules-step.js'
import { isTaken } from './pair.js'
import { TablesStep, type Connection } from './tables-step.js'

const STEPS = ['tables', 'fields', 'rules'] as const
type Step = (typeof STEPS)[number]

const useStyles = makeStyles({
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

export interface MadeMapping {
  readonly connection: string
  readonly name: string
  readonly paused: boolean
  /** What deserves a second look. */
  readonly warnings: readonly string[]
}

export interface NewMappingProps {
  /** The connection in which it is made. Left out: it is chosen. */
  readonly connection?: string
  /** Whether it may begin paused; where nothing runs yet there is nothing to pause. */
  readonly canPause: boolean
  onMade(made: MadeMapping): void
  readonly onCancel?: () => void
}

/** New Table Mapping: two tables, the fields that are carried, and what happens in doubt. */
export function NewMapping({ connection: given, ...rest }: NewMappingProps): ReactNode {
  const { t } = useTranslation('mappings')
  const [{ data, error }, refetch] = useQuery({ query: NewMappingConnectionsDocument })
  if (data === undefined)
    return error === undefined ? (
      <LoadingState />
    ) : (
      <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
    )
  const [first] = data.connections
  // One that the address names may be gone: then another is chosen.
  const fixed = data.connections.find(({ name }) => name === given)?.name
  const begin = fixed ?? first?.name
  if (begin === undefined) return <EmptyState title={t('create.noConnection')}>{t('noneHint')}</EmptyState>
  return <Wizard connections={data.connections} begin={begin} isFixed={fixed !== undefined} {...rest} />
}

interface WizardProps extends Omit<NewMappingProps, 'connection'> {
  readonly connections: readonly Connection[]
  readonly begin: string
  readonly isFixed: boolean
}

function Wizard({ connections, begin, isFixed, canPause, onMade, onCancel }: WizardProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [draft, setDraft] = useState<NewDraft>(() => newDraft(begin))
  const [step, setStep] = useState<Step>('tables')
  const change = (part: Partial<NewDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const { connection, localTable, integrationTable } = draft
  const chosen = localTable !== '' && integrationTable !== ''
  const [suggested, suggestAgain] = useQuery({
    query: SuggestedFieldsDocument,
    variables: { connection, localTable, integrationTable },
    pause: !chosen,
  })
  const tables = useTables(draft)
  const mappings = connections.find(({ name }) => name === connection)?.mappings ?? []
  const suggestions = chosen ? (suggested.data?.suggestFieldMappings ?? []) : []
  const offered = chosen ? offeredPairs(draft, suggestions, tables, mappings) : []
  const taken = takenPairs(draft.choices, offered)
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const { create, busy, problems } = useCreate(onMade)
  const at = STEPS.indexOf(step)
  const next = STEPS[at + 1]
  const previous = STEPS[at - 1]
  const missing =
    step === 'tables' && (!chosen || draft.name.trim() === '')
      ? t('create.needsTables')
      : step === 'tables' &&
          isTaken(
            draft.name,
            mappings.map(({ name }) => name),
          )
        ? t('create.nameTaken', { name: draft.name.trim() })
        : step !== 'tables' && taken.length === 0
          ? t('create.needsFields')
          : null
  return (
    <>
      <Steps label={t('create.steps')} steps={STEPS.map((one) => t(`create.step.${one}`))} now={at} />
      <Panel title={t(`create.step.${step}`)}>
        <Problems title={t('create.refusedTitle')} problems={problems} />
        {step === 'tables' && (
          <TablesStep draft={draft} change={change} connections={connections} isFixed={isFixed} />
        )}
        {step === 'fields' && (
          <FieldsStep
            draft={draft}
            change={change}
            tables={tables}
            offered={offered}
            timeZone={timeZone}
            looking={suggested.fetching || (tables.local === null && tables.failure === null)}
            failure={tables.failure ?? (suggested.error === undefined ? null : failureOf(suggested.error))}
            retry={() => {
              if (tables.failure !== null) tables.retry()
              if (suggested.error !== undefined) suggestAgain({ requestPolicy: 'network-only' })
            }}
          />
        )}
        {step === 'rules' && <RulesStep draft={draft} change={change} taken={taken} canPause={canPause} />}
        <div className={styles.foot}>
          {onCancel !== undefined && <Button onClick={onCancel}>{t('editor.cancel')}</Button>}
          {previous !== undefined && (
            <Button onClick={() => setStep(previous)}>{t('create.previous')}</Button>
          )}
          <AllowedButton
            needs="ADMINISTRATOR"
            appearance="primary"
            disabled={busy}
            refusal={missing}
            onClick={() => {
              if (next !== undefined) setStep(next)
              else void create(draft, taken, timeZone, canPause && draft.paused)
            }}
          >
            {t(next === undefined ? 'create.create' : 'create.next')}
          </AllowedButton>
        </div>
      </Panel>
    </>
  )
}

/** Makes the mapping, held where that was chosen. */
function useCreate(onMade: (made: MadeMapping) => void): {
  readonly busy: boolean
  readonly problems: readonly string[]
  create(draft: NewDraft, taken: readonly OfferedPair[], timeZone: string, isPaused: boolean): Promise<void>
} {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<readonly string[]>([])
  return {
    busy,
    problems,
    async create(draft, taken, timeZone, isPaused) {
      setBusy(true)
      setProblems([])
      const { connection } = draft
      const input = inputOfNew(draft, taken, timeZone)
      const { data, error } = await client
        .mutation(CreateMappingDocument, { connection, input, paused: isPaused })
        .toPromise()
      if (error !== undefined) setProblems(problemsOf(error))
      if (data !== undefined) {
        const { name, pausedAt, warnings } = data.createIntegrationTableMapping
        onMade({
          connection,
          name,
          paused: pausedAt !== null,
          warnings: warnings.map(({ message }) => message),
        })
      }
      setBusy(false)
    },
  }
}

import {
  Card,
  Checkbox,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Page } from '../../shared/page.js'
import { hasEnded } from '../../shared/runs/run-progress.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { CouplingTabs } from './coupling-tabs.js'
import { MatchPreviewDocument, PreviewMatchDocument, type MatchPlanFragment } from './generated/graphql.js'
import { MappingSelect } from './mapping-select.js'
import { useMappings, type CoupledMapping } from './use-mappings.js'
import { Preview } from './match-preview.js'

/** Between two looks at a preview that is being made. */
const LOOK_EVERY = 1_500

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  rules: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
})

/** Match-based coupling: by which rules, what would come of it, and only then the coupling itself. */
export function MatchPage(): ReactNode {
  const { t } = useTranslation('couplings')
  const mappings = useMappings()
  const { chosen, loading, failure, reload } = mappings
  return (
    <Page title={t('match.title')} lead={t('match.lead')}>
      <CouplingTabs />
      {loading ? (
        <LoadingState />
      ) : failure !== null ? (
        <ErrorState failure={failure} retry={reload} />
      ) : (
        <>
          <MappingSelect chosen={mappings} />
          {chosen === null ? (
            <Text>{t('match.choose')}</Text>
          ) : (
            <Match key={chosen.id} mapping={chosen} onCoupled={reload} />
          )}
        </>
      )}
    </Page>
  )
}

/** A pair of fields as people know it, where the mapping carries them; else by their names. */
function inWords(
  { fields }: CoupledMapping,
  { localField, integrationField }: { readonly localField: string; readonly integrationField: string },
): string {
  const local = fields.find((field) => field.localField === localField)?.localCaption ?? localField
  const integration = fields.find((field) => field.integrationField === integrationField)?.integrationCaption
  return `${local} = ${integration ?? integrationField}`
}

function Match({
  mapping,
  onCoupled,
}: {
  readonly mapping: CoupledMapping
  readonly onCoupled: () => void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const [createNew, setCreateNew] = useState(mapping.matchBasedCoupling.createNew)
  const [afterwards, setAfterwards] = useState(mapping.matchBasedCoupling.synchronizeAfterwards)
  const [plan, setPlan] = useState<MatchPlanFragment | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const connection = mapping.connection.name

  async function preview(): Promise<void> {
    setBusy(true)
    setFailure(null)
    setPlan(null)
    const { data, error } = await client
      .mutation(PreviewMatchDocument, {
        connection,
        mapping: mapping.name,
        createNew,
        synchronizeAfterwards: afterwards,
      })
      .toPromise()
    if (error !== undefined) setFailure(failureOf(error))
    if (data !== undefined) setPlan(data.planMapping)
    setBusy(false)
  }

  async function look(id: string): Promise<void> {
    const { data } = await client
      .query(MatchPreviewDocument, { id }, { requestPolicy: 'network-only' })
      .toPromise()
    if (data?.plan != null) setPlan(data.plan)
  }

  const waitsFor = plan !== null && !hasEnded(plan.status) ? plan.id : null
  useEffect(() => {
    if (waitsFor === null) return undefined
    const timer = setInterval(() => void look(waitsFor), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [waitsFor])

  const settings = `/mappings/${encodeURIComponent(connection)}/${encodeURIComponent(mapping.name)}`
  return (
    <>
      <Card className={styles.card}>
        <Subtitle1 as="h2">{t('match.rules')}</Subtitle1>
        {mapping.matchRules.length === 0 ? (
          <Text>{t('match.noRules')}</Text>
        ) : (
          <ol className={styles.rules}>
            {mapping.matchRules
              .toSorted((one, other) => one.priority - other.priority)
              .map((rule) => (
                <li key={rule.priority}>
                  {rule.pairs.map((pair) => inWords(mapping, pair)).join(', ')}{' '}
                  {rule.caseSensitive && <Text className={styles.quiet}>({t('match.caseSensitive')})</Text>}
                </li>
              ))}
          </ol>
        )}
        <Link to={settings} className={styles.link}>
          {t('match.changeRules')}
        </Link>
        <div>
          <Checkbox
            label={t('match.createNew')}
            checked={createNew}
            onChange={(_event, { checked }) => setCreateNew(checked === true)}
          />
          <Checkbox
            label={t('match.afterwards')}
            checked={afterwards}
            onChange={(_event, { checked }) => setAfterwards(checked === true)}
          />
        </div>
        {failure !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>
              {failure.message} {failure.remedy}
            </MessageBarBody>
          </MessageBar>
        )}
        <div className={styles.line}>
          <AllowedButton
            needs="OPERATOR"
            appearance={plan === null ? 'primary' : 'secondary'}
            refusal={mapping.matchRules.length === 0 ? t('match.noRules') : null}
            disabled={busy}
            onClick={() => void preview()}
          >
            {t('match.preview')}
          </AllowedButton>
          <span role="status">
            {(busy || waitsFor !== null) && <Spinner size="tiny" label={t('match.previewing')} />}
          </span>
        </div>
      </Card>
      {plan !== null && plan.status === 'COMPLETED' && (
        <Preview
          key={plan.id}
          plan={plan}
          mapping={mapping}
          onApplied={() => {
            void look(plan.id)
            onCoupled()
          }}
        />
      )}
      {plan?.message != null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{plan.message}</MessageBarBody>
        </MessageBar>
      )}
    </>
  )
}

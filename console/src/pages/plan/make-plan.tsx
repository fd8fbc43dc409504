import {
  Card,
  Checkbox,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Spinner,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useMutation, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { formatNumber } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import {
  MakePlanDocument,
  PlanMappingsDocument,
  PlansOfMappingDocument,
  type PassDirection,
  type PlanMappingsQuery,
  type RunMode,
} from './generated/graphql.js'

type Mapping = PlanMappingsQuery['integrationTableMappings'][number]

const MODES = ['MODIFIED', 'FULL', 'UNCONDITIONAL'] as const

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 240px), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
  },
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  link: { color: tokens.colorBrandForegroundLink },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** Asks for a plan, and shows those that were made. */
export function MakePlan(): ReactNode {
  const { t } = useTranslation('plan')
  const [{ data, error }, refetch] = useQuery({ query: PlanMappingsDocument })
  const [search, setSearch] = useSearchParams()
  const mappings = data?.integrationTableMappings
  const chosen =
    mappings?.find(
      ({ name, connection }) =>
        name === search.get('mapping') && (search.get('connection') ?? connection.name) === connection.name,
    ) ?? mappings?.[0]
  return (
    <Page title={t('title')} lead={t('lead')}>
      {mappings === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
        )
      ) : chosen === undefined ? (
        <EmptyState title={t('noMappings')} />
      ) : (
        <>
          <Ask
            mappings={mappings}
            chosen={chosen}
            onChoose={(mapping) => setSearch({ connection: mapping.connection.name, mapping: mapping.name })}
          />
          <Made key={chosen.id} mapping={chosen} />
        </>
      )}
    </Page>
  )
}

function Ask({
  mappings,
  chosen,
  onChoose,
}: {
  readonly mappings: readonly Mapping[]
  readonly chosen: Mapping
  onChoose(mapping: Mapping): void
}): ReactNode {
  const { t } = useTranslation('plan')
  const styles = useStyles()
  const navigate = useNavigate()
  const [mode, setMode] = useState<RunMode>('MODIFIED')
  const [direction, setDirection] = useState('')
  const [includeUncoupled, setIncludeUncoupled] = useState(false)
  const [{ fetching, error }, make] = useMutation(MakePlanDocument)
  return (
    <Card className={styles.card}>
      <div className={styles.form}>
        <Field label={t('mapping')}>
          <Select
            value={chosen.id}
            onChange={(_event, { value }) => {
              const mapping = mappings.find(({ id }) => id === value)
              if (mapping !== undefined) onChoose(mapping)
            }}
          >
            {mappings.map((mapping) => (
              <option key={mapping.id} value={mapping.id}>
                {mapping.name} ({mapping.connection.name})
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('mode')} hint={t(`modeHint.${mode as (typeof MODES)[number]}`)}>
          <Select value={mode} onChange={(_event, { value }) => setMode(value as RunMode)}>
            {MODES.map((one) => (
              <option key={one} value={one}>
                {t(`modes.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        {chosen.direction === 'BIDIRECTIONAL' && (
          <Field label={t('direction')}>
            <Select value={direction} onChange={(_event, { value }) => setDirection(value)}>
              <option value="">{t('directions.BOTH')}</option>
              <option value="TO_INTEGRATION_TABLE">{t('directions.TO_INTEGRATION_TABLE')}</option>
              <option value="FROM_INTEGRATION_TABLE">{t('directions.FROM_INTEGRATION_TABLE')}</option>
            </Select>
          </Field>
        )}
      </div>
      {chosen.synchOnlyCoupledRecords && mode !== 'MODIFIED' && (
        <Checkbox
          label={t('includeUncoupled')}
          checked={includeUncoupled}
          onChange={(_event, { checked }) => setIncludeUncoupled(checked === true)}
        />
      )}
      {error !== undefined && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {failureOf(error).message} {failureOf(error).remedy}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.line}>
        <AllowedButton
          needs="OPERATOR"
          appearance="primary"
          disabled={fetching}
          onClick={() =>
            void make({
              connection: chosen.connection.name,
              name: chosen.name,
              mode,
              direction:
                direction === '' || chosen.direction !== 'BIDIRECTIONAL'
                  ? null
                  : (direction as PassDirection),
              includeUncoupled: includeUncoupled && mode !== 'MODIFIED',
            }).then(({ data }) => {
              if (data !== undefined) void navigate(`/plan/${data.planMapping.id}`)
            })
          }
        >
          {t('make')}
        </AllowedButton>
        <span role="status">{fetching && <Spinner size="tiny" label={t('making')} />}</span>
      </div>
    </Card>
  )
}

function Made({ mapping }: { readonly mapping: Mapping }): ReactNode {
  const { t, i18n } = useTranslation('plan')
  const styles = useStyles()
  const [{ data }] = useQuery({
    query: PlansOfMappingDocument,
    variables: { connection: mapping.connection.name, mapping: mapping.name },
    requestPolicy: 'cache-and-network',
  })
  if (data === undefined || data.plans.length === 0) return null
  return (
    <section aria-labelledby="made">
      <Subtitle1 as="h2" id="made" block>
        {t('made', { name: mapping.name })}
      </Subtitle1>
      <ul className={styles.list}>
        {data.plans.map((plan) => (
          <li key={plan.id}>
            <Card>
              <div className={styles.line}>
                <Link to={`/plan/${plan.id}`} className={styles.link}>
                  {t(`modes.${plan.mode}`)} · <Instant at={plan.requestedAt} />
                </Link>
                <OutcomeBadge outcome={plan.status} />
                <Text className={styles.quiet}>{plan.requestedBy}</Text>
                <Text>
                  {plan.counts.length === 0
                    ? t('nothing')
                    : plan.counts
                        .map(
                          ({ action, count }) =>
                            `${t(`actions.${action}`)} ${formatNumber(count, i18n.language)}`,
                        )
                        .join(' · ')}
                </Text>
                {plan.appliedBy != null && <Text className={styles.quiet}>{t('wasApplied')}</Text>}
              </div>
            </Card>
          </li>
        ))}
      </ul>
    </section>
  )
}

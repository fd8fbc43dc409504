import {
  Checkbox,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Panel } from '../../shared/panel.js'
import { useAction } from '../../shared/use-action.js'
import { EnableDialog } from './enable-dialog.js'
import {
  ApplyPlanDocument,
  MakePlanDocument,
  PlanAgainDocument,
  type FirstPlanFragment,
  type SetupFragment,
} from './generated/graphql.js'
import { PlanView } from './plan-view.js'

/** Milliseconds between two looks at a plan that takes longer than one answer waits. */
const LOOK_AGAIN = 1_500

const useStyles = makeStyles({
  choices: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: tokens.spacingHorizontalL,
  },
})

export interface FirstPlanProps {
  readonly connection: SetupFragment
  readonly mappings: SetupFragment['mappings']
  readonly again: () => void
}

/** What the first run of a mapping would do, without writing anything; then the connection is enabled and the plan carried out. */
export function FirstPlan({ connection, mappings, again }: FirstPlanProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const client = useClient()
  const navigate = useNavigate()
  const { act } = useAction()
  const [name, setName] = useState(mappings[0]?.name ?? '')
  const [includeUncoupled, setIncludeUncoupled] = useState(true)
  const [planning, setPlanning] = useState(false)
  const [plan, setPlan] = useState<FirstPlanFragment | null>(null)
  const [enabling, setEnabling] = useState(false)
  const enabled = connection.disabledAt == null

  async function make(): Promise<void> {
    setPlan(null)
    setPlanning(true)
    const made = await act(MakePlanDocument, { connection: connection.name, name, includeUncoupled })
    let seen = made?.planMapping ?? null
    while (seen?.status === 'QUEUED' || seen?.status === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
      const { data } = await client
        .query(PlanAgainDocument, { id: seen.id }, { requestPolicy: 'network-only' })
        .toPromise()
      seen = data?.plan ?? null
    }
    setPlan(seen)
    setPlanning(false)
  }

  async function apply({ id, hash }: FirstPlanFragment): Promise<void> {
    if (hash == null) return
    const done = await act(ApplyPlanDocument, { id, hash }, { done: t('told.applied') })
    if (done !== null) void navigate(`/jobs/${done.applyPlan.id}`)
  }

  return (
    <>
      <Panel title={t('plan.title')}>
        <Text>{t('plan.hint')}</Text>
        <div className={styles.choices}>
          <Field label={t('plan.mapping')}>
            <Select
              value={name}
              onChange={(_event, { value }) => {
                setName(value)
                setPlan(null)
              }}
            >
              {mappings.map(({ id, name: one }) => (
                <option key={id} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          </Field>
          <Checkbox
            label={t('plan.uncoupled')}
            checked={includeUncoupled}
            onChange={(_event, { checked }) => setIncludeUncoupled(checked === true)}
          />
          <AllowedButton
            needs="OPERATOR"
            appearance="primary"
            disabled={planning}
            onClick={() => void make()}
          >
            {t('actions.plan')}
          </AllowedButton>
        </div>
        {planning && <Spinner label={t('plan.planning')} />}
      </Panel>
      {plan !== null && (
        <>
          <PlanView plan={plan} />
          <Panel title={t('plan.next')}>
            {enabled ? (
              <Text>{t('plan.applyHint')}</Text>
            ) : (
              <MessageBar intent="info" layout="multiline">
                <MessageBarBody>{t('plan.disabled')}</MessageBarBody>
              </MessageBar>
            )}
            <div className={styles.choices}>
              {!enabled && (
                <AllowedButton needs="ADMINISTRATOR" appearance="primary" onClick={() => setEnabling(true)}>
                  {t('actions.enable')}
                </AllowedButton>
              )}
              <AllowedButton
                needs="OPERATOR"
                {...(enabled ? { appearance: 'primary' as const } : {})}
                refusal={!enabled ? t('plan.disabled') : plan.hash == null ? t('plan.notWhole') : null}
                onClick={() => void apply(plan)}
              >
                {t('actions.apply')}
              </AllowedButton>
            </div>
          </Panel>
        </>
      )}
      {enabling && <EnableDialog connection={connection} onClose={() => setEnabling(false)} onDone={again} />}
    </>
  )
}

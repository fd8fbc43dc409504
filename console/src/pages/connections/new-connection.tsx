import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Page } from '../../shared/page.js'
import { Panel } from '../../shared/panel.js'
import { BackLink } from './back-link.js'
import { furtherOf, missingIn, newDraft, settingsOf, type SystemDraft } from './draft.js'
import { CreateConnectionDocument } from './generated/graphql.js'
import { KINDS, type Kind } from './kinds.js'
import { problemsBelow, problemsOf, type Problem } from './problems.js'
import { Steps } from './steps.js'
import { SystemForm } from './system-form.js'

const useStyles = makeStyles({
  choices: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    '& .fui-Select, & .fui-Input': { minWidth: 0 },
  },
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

/** The first two steps: which systems, and their settings. With them the connection is made, disabled. */
export function NewConnection(): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const client = useClient()
  const navigate = useNavigate()
  const [step, setStep] = useState<'systems' | 'settings'>('systems')
  const [name, setName] = useState('')
  const [local, setLocal] = useState(() => newDraft('BUSINESS_CENTRAL'))
  const [integration, setIntegration] = useState(() => newDraft('DATAVERSE'))
  const [withDefaults, setWithDefaults] = useState(true)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const first = useRef<HTMLDivElement>(null)
  const hasDefaults = local.kind === 'BUSINESS_CENTRAL' && integration.kind === 'DATAVERSE'
  const missing = (draft: SystemDraft): readonly string[] => (tried ? missingIn(draft, false) : [])
  const nameProblem =
    problems.find(({ argument }) => argument === 'input.name')?.message ??
    (tried && name.trim() === '' ? t('form.needed') : null)

  useEffect(() => {
    first.current?.querySelector('input')?.focus()
  }, [step])

  function goOn(): void {
    setTried(name.trim() === '')
    if (name.trim() !== '') setStep('settings')
  }

  async function create(): Promise<void> {
    setTried(true)
    setTrouble(null)
    const drafts = [local, integration]
    if (drafts.some((draft) => missingIn(draft, false).length > 0 || furtherOf(draft) === null)) return
    setBusy(true)
    const { data, error } = await client
      .mutation(CreateConnectionDocument, {
        input: {
          name: name.trim(),
          localSystem: { kind: local.kind, settings: settingsOf(local) },
          integrationSystem: { kind: integration.kind, settings: settingsOf(integration) },
          ...(hasDefaults ? { withDefaultMappings: withDefaults } : {}),
        },
      })
      .toPromise()
    setBusy(false)
    if (data !== undefined) {
      void navigate(`/connections/${encodeURIComponent(data.createConnection.name)}/start`)
    } else if (error !== undefined) {
      const found = problemsOf(error)
      setProblems(found)
      setTrouble(failureOf(error).message)
      if (found.some(({ argument }) => argument === 'input.name')) setStep('systems')
    }
  }

  return (
    <Page title={t('assistant.title')} lead={t('assistant.lead')} actions={<BackLink to="/connections" />}>
      <Steps now={step} />
      {trouble !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{trouble}</MessageBarBody>
        </MessageBar>
      )}
      <div ref={first} className={styles.choices}>
        {step === 'systems' ? (
          <>
            <Field
              label={t('assistant.name')}
              hint={t('assistant.nameHint')}
              required
              {...(nameProblem === null ? {} : { validationMessage: nameProblem })}
            >
              <Input value={name} onChange={(_event, { value }) => setName(value)} />
            </Field>
            <KindField
              label={t('sides.LOCAL')}
              hint={t('assistant.localHint')}
              draft={local}
              onChange={setLocal}
            />
            <KindField
              label={t('sides.INTEGRATION')}
              hint={t('assistant.integrationHint')}
              draft={integration}
              onChange={setIntegration}
            />
            {hasDefaults && (
              <Checkbox
                label={t('assistant.defaults')}
                checked={withDefaults}
                onChange={(_event, { checked }) => setWithDefaults(checked === true)}
              />
            )}
          </>
        ) : (
          (
            [
              ['LOCAL', local, setLocal, 'input.localSystem.settings'],
              ['INTEGRATION', integration, setIntegration, 'input.integrationSystem.settings'],
            ] as const
          ).map(([side, draft, set, argument]) => (
            <Panel key={side} title={`${t(`sides.${side}`)}: ${t(`kinds.${draft.kind}`)}`}>
              <SystemForm
                draft={draft}
                onChange={set}
                problems={problemsBelow(problems, argument)}
                missing={missing(draft)}
              />
            </Panel>
          ))
        )}
      </div>
      <div className={styles.foot}>
        {step === 'systems' ? (
          <Button appearance="primary" onClick={goOn}>
            {t('actions.next')}
          </Button>
        ) : (
          <>
            <Button disabled={busy} onClick={() => setStep('systems')}>
              {t('actions.previous')}
            </Button>
            <AllowedButton
              needs="ADMINISTRATOR"
              appearance="primary"
              disabled={busy}
              onClick={() => void create()}
            >
              {t('actions.create')}
            </AllowedButton>
          </>
        )}
      </div>
    </Page>
  )
}

interface KindFieldProps {
  readonly label: string
  readonly hint: string
  readonly draft: SystemDraft
  readonly onChange: (draft: SystemDraft) => void
}

function KindField({ label, hint, draft, onChange }: KindFieldProps): ReactNode {
  const { t } = useTranslation('connections')
  return (
    <Field label={label} hint={hint}>
      <Select value={draft.kind} onChange={(_event, { value }) => onChange(newDraft(value as Kind))}>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </Select>
    </Field>
  )
}

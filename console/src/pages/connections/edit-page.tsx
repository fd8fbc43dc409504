import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Panel } from '../../shared/panel.js'
import { useNotify } from '../../shared/toasts.js'
import { ConnectionFrame } from './connection-frame.js'
import { draftOf, furtherOf, missingIn, settingsOf } from './draft.js'
import { UpdateConnectionDocument, type SetupFragment } from './generated/graphql.js'
import { problemsBelow, problemsOf, type Problem } from './problems.js'
import { SystemForm } from './system-form.js'
import { useConnection } from './use-connection.js'

const useStyles = makeStyles({
  name: { maxWidth: '420px' },
  sides: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 400px), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
  },
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

/** Name and settings of a connection that there is. */
export function EditPage(): ReactNode {
  const { t } = useTranslation('connections')
  const read = useConnection()
  return (
    <ConnectionFrame read={read} title={t('edit.title', { name: read.name })} lead={t('edit.lead')}>
      {(connection) => <Edit key={connection.id} connection={connection} />}
    </ConnectionFrame>
  )
}

function Edit({ connection }: { readonly connection: SetupFragment }): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const navigate = useNavigate()
  // The version that was looked at: a change on top of somebody else's is refused.
  const [seen] = useState(connection)
  const [name, setName] = useState(seen.name)
  const [local, setLocal] = useState(() => draftOf(seen.localSystem.kind, seen.localSystem.settings))
  const [integration, setIntegration] = useState(() =>
    draftOf(seen.integrationSystem.kind, seen.integrationSystem.settings),
  )
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const home = (saved: string): string => `/connections/${encodeURIComponent(saved)}`

  async function save(): Promise<void> {
    setTried(true)
    setTrouble(null)
    if ([local, integration].some((draft) => missingIn(draft, true).length > 0 || furtherOf(draft) === null))
      return
    setBusy(true)
    const { data, error } = await client
      .mutation(UpdateConnectionDocument, {
        name: seen.name,
        version: seen.version,
        input: {
          ...(name.trim() === seen.name ? {} : { name: name.trim() }),
          localSettings: settingsOf(local),
          integrationSettings: settingsOf(integration),
        },
      })
      .toPromise()
    setBusy(false)
    if (data !== undefined) {
      notify({ intent: 'success', title: t('told.saved') })
      void navigate(home(data.updateConnection.name))
    } else if (error !== undefined) {
      setProblems(problemsOf(error))
      setTrouble(failureOf(error).message)
    }
  }

  return (
    <>
      {trouble !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{trouble}</MessageBarBody>
        </MessageBar>
      )}
      <Field label={t('assistant.name')} required className={styles.name}>
        <Input value={name} onChange={(_event, { value }) => setName(value)} />
      </Field>
      <div className={styles.sides}>
        {(
          [
            ['LOCAL', local, setLocal, 'input.localSettings'],
            ['INTEGRATION', integration, setIntegration, 'input.integrationSettings'],
          ] as const
        ).map(([side, draft, set, argument]) => (
          <Panel key={side} title={`${t(`sides.${side}`)}: ${t(`kinds.${draft.kind}`)}`}>
            <SystemForm
              draft={draft}
              onChange={set}
              problems={problemsBelow(problems, argument)}
              missing={tried ? missingIn(draft, true) : []}
              keepsSecrets
            />
          </Panel>
        ))}
      </div>
      <div className={styles.foot}>
        <Button disabled={busy} onClick={() => void navigate(home(seen.name))}>
          {t('actions.leave')}
        </Button>
        <AllowedButton needs="ADMINISTRATOR" appearance="primary" disabled={busy} onClick={() => void save()}>
          {t('actions.save')}
        </AllowedButton>
      </div>
    </>
  )
}

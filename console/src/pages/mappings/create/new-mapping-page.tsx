import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from '@fluentui/react-components'
import { ArrowSyncRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { useRefusal } from '../../../api/session.js'
import { AllowedButton } from '../../../shared/allowed-button.js'
import { InnerLink } from '../../../shared/inner-link.js'
import { Page } from '../../../shared/page.js'
import { Panel } from '../../../shared/panel.js'
import { RunProgress } from '../../../shared/runs/run-progress.js'
import { useAction } from '../../../shared/use-action.js'
import { ResumeMappingDocument, SynchronizeMappingDocument } from '../generated/graphql.js'
import { mappingPath } from '../mapping-path.js'
import { NewMapping, type MadeMapping } from './new-mapping.js'

const useStyles = makeStyles({
  foot: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

/** The wizard on a page of its own, and what comes after it. */
export default function NewMappingPage(): ReactNode {
  const { t } = useTranslation('mappings')
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [made, setMade] = useState<MadeMapping | null>(null)
  const connection = search.get('connection')
  const refusal = useRefusal('ADMINISTRATOR')
  return (
    <Page title={t('create.title')} lead={t('create.lead')}>
      {refusal !== null && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{refusal}</MessageBarBody>
        </MessageBar>
      )}
      {made === null ? (
        <NewMapping
          {...(connection === null ? {} : { connection })}
          canPause
          onMade={setMade}
          onCancel={() => void navigate('/mappings')}
        />
      ) : (
        <Made made={made} />
      )}
    </Page>
  )
}

/** A mapping that is there now: look at what it would do, then let it begin. */
function Made({ made }: { readonly made: MadeMapping }): ReactNode {
  const { connection, name, paused, warnings } = made
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const navigate = useNavigate()
  const { act, busy } = useAction()
  const [runId, setRunId] = useState<string | null>(null)

  async function begin(): Promise<void> {
    if (paused && (await act(ResumeMappingDocument, { connection, name })) === null) return
    const run = await act(SynchronizeMappingDocument, {
      connection,
      name,
      mode: 'MODIFIED',
      direction: null,
    })
    if (run !== null) setRunId(run.synchronizeMapping.id)
  }

  return (
    <>
      <Panel title={t('create.made', { name })}>
        {warnings.map((warning) => (
          <MessageBar key={warning} intent="warning" layout="multiline">
            <MessageBarBody>{warning}</MessageBarBody>
          </MessageBar>
        ))}
        <Text>{t(paused ? 'create.madePaused' : 'create.madeAwake')}</Text>
        <div className={styles.foot}>
          <AllowedButton
            needs="OPERATOR"
            appearance={runId === null ? 'primary' : 'secondary'}
            onClick={() => void navigate(`/plan?${new URLSearchParams({ connection, mapping: name })}`)}
          >
            {t('create.plan')}
          </AllowedButton>
          <AllowedButton
            needs="OPERATOR"
            icon={<ArrowSyncRegular />}
            disabled={busy || runId !== null}
            onClick={() => void begin()}
          >
            {t(paused ? 'create.begin' : 'create.beginAwake')}
          </AllowedButton>
          <InnerLink to={mappingPath(connection, name)}>{t('create.open')}</InnerLink>
        </div>
      </Panel>
      {runId !== null && <RunProgress runId={runId} title={t('runTitle.MODIFIED', { name })} />}
    </>
  )
}

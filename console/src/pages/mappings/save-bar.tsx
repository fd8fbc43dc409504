import {
  Button,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { BeakerRegular, SaveRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, type CombinedError } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'
import { inputOf, overlapOf } from './document.js'
import {
  MappingDetailDocument,
  TryMappingChangeDocument,
  UpdateMappingDocument,
} from './generated/graphql.js'
import { RehearsalDialog } from './rehearsal.js'
import { StaleNotice, type ChangeSince } from './stale-notice.js'
import { Trial, type MappingTrial } from './trial.js'
import { seenOf, type Draft, type Mapping } from './use-draft.js'

const useStyles = makeStyles({
  bar: {
    position: 'sticky',
    insetBlockEnd: 0,
    zIndex: 2,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    marginBlockStart: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorBrandStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow8,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  told: { flexGrow: 1 },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
})

interface Problem {
  readonly argument: string
  readonly message: string
}

/** What was changed and is not saved yet: rehearse it, save it, or let it be. */
export function SaveBar({
  mapping,
  draft,
  onSaved,
}: {
  readonly mapping: Mapping
  readonly draft: Draft
  readonly onSaved: () => void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const [open, setOpen] = useState<'save' | 'rehearse' | null>(null)
  const [trial, setTrial] = useState<MappingTrial | null>(null)
  const [note, setNote] = useState('')
  const [since, setSince] = useState<readonly ChangeSince[]>([])
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const connection = mapping.connection.name

  function refused(error: CombinedError): void {
    const extensions = error.graphQLErrors[0]?.extensions ?? {}
    const { changes, problems: told } = extensions as {
      readonly changes?: readonly ChangeSince[]
      readonly problems?: readonly Problem[]
    }
    setOpen(null)
    if (changes !== undefined) setSince(changes)
    else setProblems(told ?? [{ argument: '', message: failureOf(error).message }])
  }

  async function ask(): Promise<void> {
    setProblems([])
    setTrial(null)
    setOpen('save')
    const { data, error } = await client
      .mutation(TryMappingChangeDocument, { connection, document: { ...draft.document } })
      .toPromise()
    if (error !== undefined) refused(error)
    else setTrial(data?.applyIntegrationTableMappings[0] ?? null)
  }

  async function save(): Promise<void> {
    const { error, data } = await client
      .mutation(UpdateMappingDocument, {
        connection,
        name: mapping.name,
        version: draft.base.version,
        note: note.trim() === '' ? null : note.trim(),
        input: inputOf(draft.base.document, draft.document),
      })
      .toPromise()
    if (error !== undefined) return refused(error)
    const version = data?.updateIntegrationTableMapping.version
    await client
      .query(MappingDetailDocument, { connection, name: mapping.name }, { requestPolicy: 'network-only' })
      .toPromise()
    setOpen(null)
    setNote('')
    setSince([])
    draft.discard()
    onSaved()
    notify({ intent: 'success', title: t('save.saved', { name: mapping.name, version }) })
  }

  /** What stands there now: the version that somebody else has made. */
  async function latest(keepMine: boolean): Promise<void> {
    const { data } = await client
      .query(MappingDetailDocument, { connection, name: mapping.name }, { requestPolicy: 'network-only' })
      .toPromise()
    if (data?.integrationTableMapping == null) return
    if (keepMine) draft.rebase(seenOf(data.integrationTableMapping))
    else draft.discard()
    setSince([])
  }

  if (draft.changed.length === 0) return null
  const overlapping = overlapOf(
    draft.base.document,
    draft.document,
    since.flatMap(({ changes }) => changes.map(({ path }) => path)),
  )
  return (
    <section className={styles.bar} aria-label={t('save.title')}>
      <StaleNotice
        since={since}
        overlapping={overlapping}
        onKeep={() => void latest(true)}
        onDiscard={() => void latest(false)}
      />
      {problems.length > 0 && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            <MessageBarTitle>{t('save.refused')}</MessageBarTitle>
            <ul className={styles.list}>
              {problems.map(({ argument, message }) => (
                <li key={argument + message}>
                  {argument !== '' && <strong>{argument.replace(/^(?:mappings\[0\]|input)\.?/, '')} </strong>}
                  {message}
                </li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.line}>
        <Text className={styles.told} role="status">
          <strong>{t('save.unsaved')}</strong> {draft.changed.map((key) => t(`setting.${key}`)).join(', ')}
        </Text>
        <Button
          onClick={() => {
            draft.discard()
            setSince([])
            setProblems([])
          }}
        >
          {t('save.discard')}
        </Button>
        <AllowedButton needs="OPERATOR" icon={<BeakerRegular />} onClick={() => setOpen('rehearse')}>
          {t('rehearse.open')}
        </AllowedButton>
        <AllowedButton
          needs="ADMINISTRATOR"
          appearance="primary"
          icon={<SaveRegular />}
          refusal={since.length > 0 ? t('save.staleFirst') : null}
          onClick={() => void ask()}
        >
          {t('save.open')}
        </AllowedButton>
      </div>
      {open === 'rehearse' && (
        <RehearsalDialog
          mapping={mapping}
          draft={draft}
          onClose={() => setOpen(null)}
          onSave={() => void ask()}
        />
      )}
      <ConfirmDialog
        open={open === 'save'}
        title={t('save.dialog', { name: mapping.name })}
        confirm={t('save.confirm')}
        disabled={trial === null}
        onConfirm={save}
        onClose={() => setOpen(null)}
      >
        <div className={styles.content}>
          <Trial trial={trial} />
          <Field label={t('save.note')} hint={t('save.noteHint')}>
            <Textarea value={note} onChange={(_event, { value }) => setNote(value)} />
          </Field>
        </div>
      </ConfirmDialog>
    </section>
  )
}

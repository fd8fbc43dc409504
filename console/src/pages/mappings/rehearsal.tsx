import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { formatNumber } from '../../shared/quantity.js'
import { hasEnded } from '../../shared/runs/run-progress.js'
import { changesOf } from './document.js'
import {
  MappingRehearsalDocument,
  RehearseMappingDocument,
  type RehearsalOfMappingFragment,
} from './generated/graphql.js'
import type { Draft, Mapping } from './use-draft.js'
import { ReportView } from './rehearsal-report.js'

const WRITES = [100, 1_000, 5_000] as const

/** Between two looks at a rehearsal that takes longer than an answer waits. */
const LOOK_EVERY = 1_500

const useStyles = makeStyles({
  surface: { maxWidth: 'min(900px, 96vw)' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  ask: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
})

/** What would have been different over the latest writes, had the change been in force then. */
export function RehearsalDialog({
  mapping,
  draft,
  onClose,
  onSave,
}: {
  readonly mapping: Mapping
  readonly draft: Draft
  readonly onClose: () => void
  readonly onSave: () => void
}): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const [last, setLast] = useState<number>(1_000)
  const [rehearsal, setRehearsal] = useState<RehearsalOfMappingFragment | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)

  async function rehearse(): Promise<void> {
    setBusy(true)
    setFailure(null)
    setRehearsal(null)
    const { data, error } = await client
      .mutation(RehearseMappingDocument, {
        connection: mapping.connection.name,
        name: mapping.name,
        changes: { ...changesOf(draft.base.document, draft.document) },
        last,
      })
      .toPromise()
    if (error !== undefined) setFailure(failureOf(error))
    if (data !== undefined) setRehearsal(data.rehearseMapping)
    setBusy(false)
  }

  const waitsFor = rehearsal !== null && !hasEnded(rehearsal.status) ? rehearsal.id : null
  useEffect(() => {
    if (waitsFor === null) return undefined
    const timer = setInterval(() => {
      void client
        .query(MappingRehearsalDocument, { id: waitsFor }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data }) => {
          if (data?.rehearsal != null) setRehearsal(data.rehearsal)
        })
    }, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [client, waitsFor])

  const waiting = busy || waitsFor !== null
  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('rehearse.title', { name: mapping.name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('rehearse.lead')}</Text>
            <div className={styles.ask}>
              <Field label={t('rehearse.last')}>
                <Select value={String(last)} onChange={(_event, { value }) => setLast(Number(value))}>
                  {WRITES.map((count) => (
                    <option key={count} value={count}>
                      {t('rehearse.writes', { number: formatNumber(count, i18n.language) })}
                    </option>
                  ))}
                </Select>
              </Field>
              <AllowedButton
                needs="OPERATOR"
                appearance={rehearsal === null ? 'primary' : 'secondary'}
                disabled={waiting}
                onClick={() => void rehearse()}
              >
                {t('rehearse.start')}
              </AllowedButton>
            </div>
            <div role="status">{waiting && <Spinner label={t('rehearse.running')} />}</div>
            {(failure?.message ?? rehearsal?.message) != null && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{failure?.message ?? rehearsal?.message}</MessageBarBody>
              </MessageBar>
            )}
            {rehearsal?.report != null && <ReportView report={rehearsal.report} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('rehearse.back')}</Button>
            <AllowedButton
              needs="ADMINISTRATOR"
              appearance={rehearsal?.report == null ? 'secondary' : 'primary'}
              onClick={onSave}
            >
              {t('save.open')}
            </AllowedButton>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

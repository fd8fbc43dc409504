import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import { isOpen, type Choices, type ComparedField } from './choices.js'
import {
  ApplyRuleDocument,
  RehearsedDocument,
  RehearseRuleDocument,
  type RehearseRuleMutation,
  type Side,
} from './generated/graphql.js'

const useStyles = makeStyles({ waiting: { marginBlockEnd: tokens.spacingVerticalM } })

/** Milliseconds between two looks at a rehearsal under way. */
const LOOKS = 1_000

export interface RuleDialogProps {
  readonly id: string
  readonly fields: readonly ComparedField[]
  readonly choices: Choices
  readonly names: Readonly<Record<Side, string>>
  close(): void
}

type Rehearsal = NonNullable<RehearseRuleMutation['rehearseRule']['rehearsal']>

/** Turns what was chosen into owners of the fields: rehearsed first on what has happened so far, then applied by an administrator. */
export function RuleDialog({ id, fields, choices, names, close }: RuleDialogProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  const { t: common } = useTranslation()
  const client = useClient()
  const notify = useNotify()
  const { act, busy } = useAction()
  const [rehearsed, setRehearsed] = useState<RehearseRuleMutation['rehearseRule'] | null>(null)
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const owners = fields.filter(isOpen).flatMap(({ name, localCaption }) => {
    const choice = choices.get(name)
    return choice?.kind === 'side' ? [{ name, owner: choice.side, caption: localCaption }] : []
  })

  useEffect(() => {
    if (rehearsal === null || (rehearsal.status !== 'RUNNING' && rehearsal.status !== 'QUEUED'))
      return undefined
    const timer = setTimeout(() => {
      void client
        .query(RehearsedDocument, { id: rehearsal.id }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data }) => setRehearsal(data?.rehearsal ?? { ...rehearsal }))
    }, LOOKS)
    return () => clearTimeout(timer)
  }, [client, rehearsal])

  async function begin(): Promise<void> {
    const data = await act(RehearseRuleDocument, {
      id,
      fields: owners.map(({ name, owner }) => ({ name, owner })),
    })
    if (data === null) return
    setRehearsed(data.rehearseRule)
    setRehearsal(data.rehearseRule.rehearsal ?? null)
  }

  async function carryOut(rehearsalId: string): Promise<void> {
    const data = await act(ApplyRuleDocument, { rehearsalId })
    if (data === null) return
    const result = data.applyRule
    if (result.__typename === 'RuleNotApplied') {
      setRefused(`${result.message} ${result.remedy}`)
      return
    }
    notify({ intent: 'success', title: t('rule.applied', { version: result.version }) })
    close()
  }

  const report = rehearsal?.report
  // The owners stand above, by their names.
  const others = rehearsed?.changes.filter(({ path }) => !path.endsWith('.owner')) ?? []
  return (
    <Dialog open onOpenChange={(_event, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('rule.title')}</DialogTitle>
          <DialogContent>
            <Text block>{t('rule.lead')}</Text>
            <ul>
              {owners.map(({ name, owner, caption }) => (
                <li key={name}>{t('rule.owner', { field: caption, side: names[owner] })}</li>
              ))}
            </ul>
            {rehearsed !== null && rehearsed.changes.length === 0 && <Text>{t('rule.already')}</Text>}
            {rehearsed !== null && rehearsed.changes.length > 0 && (
              <>
                {others.length > 0 && (
                  <>
                    <Text block weight="semibold">
                      {t('rule.changes')}
                    </Text>
                    <ul>
                      {others.map(({ path, text }) => (
                        <li key={path}>{text}</li>
                      ))}
                    </ul>
                  </>
                )}
                <Text block className={styles.waiting}>
                  {t('rule.waiting', { count: rehearsed.waiting })}
                </Text>
              </>
            )}
            {rehearsal !== null && report == null && rehearsal.message == null && (
              <Spinner size="tiny" label={t('rule.rehearsing')} />
            )}
            {rehearsal?.message != null && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{rehearsal.message}</MessageBarBody>
              </MessageBar>
            )}
            {report != null && (
              <MessageBar intent={report.differing === 0 ? 'success' : 'warning'} layout="multiline">
                <MessageBarBody>
                  {t('rule.report', { changes: report.changes, differing: report.differing })}
                </MessageBarBody>
              </MessageBar>
            )}
            {refused !== null && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{refused}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{common('dialog.close')}</Button>
            {rehearsed === null ? (
              <AllowedButton
                needs="OPERATOR"
                appearance="primary"
                disabled={busy}
                onClick={() => void begin()}
              >
                {t('rule.rehearse')}
              </AllowedButton>
            ) : (
              report != null &&
              rehearsal !== null && (
                <AllowedButton
                  needs="ADMINISTRATOR"
                  appearance="primary"
                  disabled={busy}
                  onClick={() => void carryOut(rehearsal.id)}
                >
                  {t('rule.apply')}
                </AllowedButton>
              )
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

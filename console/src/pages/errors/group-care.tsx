import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import {
  AssignGroupsDocument,
  NoteGroupDocument,
  SnoozeGroupsDocument,
  TagGroupsDocument,
  type GroupResultFragment,
} from './generated/graphql.js'
import type { Group } from './group-detail.js'

const DAY = 86_400_000

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'flex-end' },
})

/** Who looks after a group: assign, tag, snooze, leave a note. */
export function GroupCare({
  group,
  again,
}: {
  readonly group: Group
  readonly again: () => void
}): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  const notify = useNotify()
  const { principal } = useSession()
  const { act, busy } = useAction()
  const [text, setText] = useState('')
  const groups = [{ id: group.id, version: group.version }]

  /** What was changed meanwhile is shown, and nothing is overwritten. */
  function take(results: readonly GroupResultFragment[] | undefined): void {
    const [result] = results ?? []
    if (result !== undefined && result.__typename !== 'ErrorGroupChanged') {
      notify({ intent: 'warning', title: result.message })
    }
    if (result !== undefined) {
      setText('')
      again()
    }
  }
  const assign = async (assignee: string | null): Promise<void> =>
    take((await act(AssignGroupsDocument, { groups, assignee }))?.assignErrorGroups)
  const snooze = async (days: number): Promise<void> =>
    take(
      (await act(SnoozeGroupsDocument, { groups, until: new Date(Date.now() + days * DAY).toISOString() }))
        ?.snoozeErrorGroups,
    )
  const tag = async (): Promise<void> =>
    take((await act(TagGroupsDocument, { groups, add: [text.trim()], remove: [] }))?.tagErrorGroups)
  const untag = async (): Promise<void> =>
    take((await act(TagGroupsDocument, { groups, add: [], remove: group.tags }))?.tagErrorGroups)
  const note = async (): Promise<void> => {
    const result = (await act(NoteGroupDocument, { id: group.id, text: text.trim() }))?.noteErrorGroup
    take(result === undefined ? undefined : [result])
  }
  const nothing = text.trim() === '' ? t('care.writeFirst') : null
  return (
    <div className={styles.row}>
      {group.assignee == null ? (
        <AllowedButton needs="OPERATOR" disabled={busy} onClick={() => void assign(principal.name)}>
          {t('care.assignMe')}
        </AllowedButton>
      ) : (
        <AllowedButton needs="OPERATOR" disabled={busy} onClick={() => void assign(null)}>
          {t('care.assignNobody', { assignee: group.assignee })}
        </AllowedButton>
      )}
      {([1, 7] as const).map((days) => (
        <AllowedButton
          key={days}
          needs="OPERATOR"
          disabled={busy}
          refusal={group.state === 'RESOLVED' ? t('group.nothingOpen') : null}
          onClick={() => void snooze(days)}
        >
          {t('care.snooze', { count: days })}
        </AllowedButton>
      ))}
      {group.tags.length > 0 && (
        <AllowedButton needs="OPERATOR" disabled={busy} onClick={() => void untag()}>
          {t('care.untag')}
        </AllowedButton>
      )}
      <Field label={t('care.text')}>
        <Input value={text} maxLength={200} onChange={(_event, { value }) => setText(value)} />
      </Field>
      <AllowedButton needs="OPERATOR" disabled={busy} refusal={nothing} onClick={() => void tag()}>
        {t('care.tag')}
      </AllowedButton>
      <AllowedButton needs="OPERATOR" disabled={busy} refusal={nothing} onClick={() => void note()}>
        {t('care.note')}
      </AllowedButton>
      {text !== '' && (
        <Button appearance="subtle" onClick={() => setText('')}>
          {t('care.clear')}
        </Button>
      )}
    </div>
  )
}

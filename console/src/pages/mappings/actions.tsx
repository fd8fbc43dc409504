import {
  Field,
  makeStyles,
  MenuDivider,
  MenuItem,
  MenuList,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components'
import {
  ArrowSyncRegular,
  ClipboardTaskListLtrRegular,
  DeleteRegular,
  DocumentSyncRegular,
  PauseRegular,
  PlayRegular,
  WarningRegular,
} from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useClient, type CombinedError } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useRefusal } from '../../api/session.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'
import {
  FindDeletedRecordsDocument,
  PauseMappingDocument,
  ResumeMappingDocument,
  SynchronizeMappingDocument,
  type Direction,
  type PassDirection,
  type RunMode,
} from './generated/graphql.js'

export interface ActedMapping {
  readonly name: string
  readonly direction: Direction
  readonly pausedAt: string | null
  readonly connection: { readonly name: string }
}

export interface MappingActionsProps {
  readonly mapping: ActedMapping
  /** A run was started: its id, and what it is called. */
  onRun(id: string, title: string): void
  /** The mapping is in another state now. */
  onChanged(): void
}

type Asked = 'full' | 'unconditional' | 'deleted' | null

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

/** What can be done with a mapping as a whole, under the names that Business Central gives it. */
export function useMappingActions({ mapping, onRun, onChanged }: MappingActionsProps): {
  readonly items: ReactNode
  readonly dialog: ReactNode
  synchronize(): Promise<void>
} {
  const { t } = useTranslation('mappings')
  const client = useClient()
  const notify = useNotify()
  const navigate = useNavigate()
  const refusal = useRefusal('OPERATOR')
  const [asked, setAsked] = useState<Asked>(null)
  const { name } = mapping
  const connection = mapping.connection.name
  const bidirectional = mapping.direction === 'BIDIRECTIONAL'

  function fail(error: CombinedError): void {
    const { message, remedy } = failureOf(error)
    notify({ intent: 'error', title: message, ...(remedy === null ? {} : { body: remedy }) })
  }

  async function start(mode: RunMode, direction: PassDirection | null): Promise<void> {
    const { data, error } = await client
      .mutation(SynchronizeMappingDocument, { connection, name, mode, direction })
      .toPromise()
    if (error !== undefined) fail(error)
    if (data !== undefined) onRun(data.synchronizeMapping.id, t(`runTitle.${mode}`, { name }))
    setAsked(null)
  }

  async function findDeleted(): Promise<void> {
    const { data, error } = await client
      .mutation(FindDeletedRecordsDocument, { connection, name })
      .toPromise()
    if (error !== undefined) fail(error)
    if (data !== undefined) onRun(data.findDeletedRecords.id, t('runTitle.DELETED', { name }))
    setAsked(null)
  }

  async function pause(paused: boolean): Promise<void> {
    const { error } = await client
      .mutation(paused ? PauseMappingDocument : ResumeMappingDocument, { connection, name })
      .toPromise()
    if (error !== undefined) fail(error)
    else notify({ intent: 'success', title: t(paused ? 'actions.paused' : 'actions.resumed', { name }) })
    onChanged()
  }

  const paused = mapping.pausedAt !== null
  const items = (
    <MenuList>
      <Act icon={<ArrowSyncRegular />} refusal={refusal} onClick={() => void start('MODIFIED', null)}>
        {t('actions.modified')}
      </Act>
      <Act icon={<DocumentSyncRegular />} refusal={refusal} onClick={() => setAsked('full')}>
        {t('actions.full')}
      </Act>
      <Act
        icon={<WarningRegular />}
        refusal={refusal ?? (bidirectional ? t('actions.unconditionalRefused') : null)}
        onClick={() => setAsked('unconditional')}
      >
        {t('actions.unconditional')}
      </Act>
      <Act icon={<DeleteRegular />} refusal={refusal} onClick={() => setAsked('deleted')}>
        {t('actions.deleted')}
      </Act>
      <MenuDivider />
      <MenuItem
        icon={<ClipboardTaskListLtrRegular />}
        onClick={() => void navigate(`/plan?${new URLSearchParams({ connection, mapping: name })}`)}
      >
        {t('actions.plan')}
      </MenuItem>
      <Act
        icon={paused ? <PlayRegular /> : <PauseRegular />}
        refusal={refusal}
        onClick={() => void pause(!paused)}
      >
        {t(paused ? 'actions.resume' : 'actions.pause')}
      </Act>
    </MenuList>
  )
  const dialog = (
    <>
      {(asked === 'full' || asked === 'unconditional') && (
        <FullDialog
          mapping={mapping}
          unconditional={asked === 'unconditional'}
          onConfirm={(direction) => start(asked === 'full' ? 'FULL' : 'UNCONDITIONAL', direction)}
          onClose={() => setAsked(null)}
        />
      )}
      <ConfirmDialog
        open={asked === 'deleted'}
        title={t('deleted.title', { name })}
        confirm={t('actions.deleted')}
        onConfirm={findDeleted}
        onClose={() => setAsked(null)}
      >
        {t('deleted.text')}
      </ConfirmDialog>
    </>
  )
  return { items, dialog, synchronize: () => start('MODIFIED', null) }
}

interface ActProps {
  readonly icon: ReactNode & {}
  readonly refusal: string | null
  readonly children: string
  onClick(): void
}

/** An item that stays in its place where it may not be used, and says why. */
function Act({ icon, refusal, children, onClick }: ActProps): ReactNode {
  if (refusal === null)
    return (
      <MenuItem icon={<>{icon}</>} onClick={onClick}>
        {children}
      </MenuItem>
    )
  return (
    <MenuItem icon={<>{icon}</>} disabled subText={refusal}>
      {children}
    </MenuItem>
  )
}

const BOTH = 'BOTH'

function FullDialog({
  mapping,
  unconditional,
  onConfirm,
  onClose,
}: {
  readonly mapping: ActedMapping
  readonly unconditional: boolean
  onConfirm(direction: PassDirection | null): Promise<void>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [direction, setDirection] = useState<string>(BOTH)
  const kind = unconditional ? 'unconditional' : 'full'
  return (
    <ConfirmDialog
      open
      title={t(`${kind}.title`, { name: mapping.name })}
      confirm={t(`actions.${kind}`)}
      onConfirm={() => onConfirm(direction === BOTH ? null : (direction as PassDirection))}
      onClose={onClose}
    >
      <div className={styles.content}>
        {unconditional ? (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <Text block>{t('unconditional.caution')}</Text>
              <Text block>{t('unconditional.onlyIf')}</Text>
              <Text block>{t('unconditional.limit')}</Text>
            </MessageBarBody>
          </MessageBar>
        ) : (
          <Text>{t('full.text')}</Text>
        )}
        {mapping.direction === 'BIDIRECTIONAL' && (
          <Field label={t('directionLabel')}>
            <RadioGroup value={direction} onChange={(_event, { value }) => setDirection(value)}>
              <Radio value={BOTH} label={t('direction.BIDIRECTIONAL')} />
              <Radio value="TO_INTEGRATION_TABLE" label={t('direction.TO_INTEGRATION_TABLE')} />
              <Radio value="FROM_INTEGRATION_TABLE" label={t('direction.FROM_INTEGRATION_TABLE')} />
            </RadioGroup>
          </Field>
        )}
      </div>
    </ConfirmDialog>
  )
}

import { MenuDivider, MenuItem, MenuList } from '@fluentui/react-components'
import {
  ArrowSyncRegular,
  ClipboardTaskListLtrRegular,
  ClockArrowDownloadRegular,
  DeleteRegular,
  ArrowResetRegular,
  DocumentSyncRegular,
  HistoryRegular,
  SearchRegular,
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
import { DeleteDialog } from './delete-dialog.js'
import { FullDialog } from './full-dialog.js'
import {
  FindDeletedRecordsDocument,
  PauseMappingDocument,
  ResumeMappingDocument,
  SynchronizeMappingDocument,
  type Direction,
  type PassDirection,
  type RunMode,
} from './generated/graphql.js'
import { ResetDialog } from './reset-dialog.js'
import { WatermarkDialog } from './watermark-dialog.js'

export interface ActedMapping {
  readonly name: string
  readonly version: number
  readonly userDefined: boolean
  readonly couplings: number
  readonly toWatermark: string | null
  readonly fromWatermark: string | null
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
  /** There is no such mapping any more. */
  onDeleted(): void
}

type Asked = 'full' | 'unconditional' | 'deleted' | 'watermarks' | 'reset' | 'delete' | null

/** What can be done with a mapping as a whole, under the names that Business Central gives it. */
export function useMappingActions({ mapping, onRun, onChanged, onDeleted }: MappingActionsProps): {
  readonly items: ReactNode
  readonly dialog: ReactNode
  synchronize(): Promise<void>
} {
  const { t } = useTranslation('mappings')
  const client = useClient()
  const notify = useNotify()
  const navigate = useNavigate()
  const refusal = useRefusal('OPERATOR')
  const ofAdministrator = useRefusal('ADMINISTRATOR')
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
      <Act icon={<SearchRegular />} refusal={refusal} onClick={() => setAsked('deleted')}>
        {t('actions.deleted')}
      </Act>
      <MenuDivider />
      <MenuItem
        icon={<ClipboardTaskListLtrRegular />}
        onClick={() => void navigate(`/plan?${new URLSearchParams({ connection, mapping: name })}`)}
      >
        {t('actions.plan')}
      </MenuItem>
      <MenuItem
        icon={<HistoryRegular />}
        onClick={() => void navigate(`/jobs?${new URLSearchParams({ connection, mapping: name })}`)}
      >
        {t('actions.jobs')}
      </MenuItem>
      <Act
        icon={paused ? <PlayRegular /> : <PauseRegular />}
        refusal={refusal}
        onClick={() => void pause(!paused)}
      >
        {t(paused ? 'actions.resume' : 'actions.pause')}
      </Act>
      <MenuDivider />
      <Act
        icon={<ClockArrowDownloadRegular />}
        refusal={ofAdministrator}
        onClick={() => setAsked('watermarks')}
      >
        {t('marks.action')}
      </Act>
      <Act
        icon={<ArrowResetRegular />}
        refusal={ofAdministrator ?? (mapping.userDefined ? t('reset.ofYourOwn') : null)}
        onClick={() => setAsked('reset')}
      >
        {t('reset.action')}
      </Act>
      <Act icon={<DeleteRegular />} refusal={ofAdministrator} onClick={() => setAsked('delete')}>
        {t('delete.action')}
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
      {asked === 'watermarks' && (
        <WatermarkDialog mapping={mapping} onChanged={onChanged} onClose={() => setAsked(null)} />
      )}
      {asked === 'reset' && (
        <ResetDialog mapping={mapping} onChanged={onChanged} onClose={() => setAsked(null)} />
      )}
      {asked === 'delete' && (
        <DeleteDialog mapping={mapping} onDeleted={onDeleted} onClose={() => setAsked(null)} />
      )}
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

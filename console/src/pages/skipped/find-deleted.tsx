import { Field, Select, Text } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useAction } from '../../shared/use-action.js'
import { FindDeletedDocument, type SkippedMappingsQuery } from './generated/graphql.js'

type Mapping = SkippedMappingsQuery['integrationTableMappings'][number]

export interface FoundRun {
  readonly id: string
  readonly mapping: string
}

export interface FindDeletedProps {
  readonly mappings: readonly Mapping[]
  /** What the list is narrowed down to. */
  readonly suggested: { readonly mapping: string | null; readonly connection: string | null }
  onStarted(run: FoundRun): void
}

/** Find for Deleted: a run that searches a mapping for records whose partner is gone. */
export function FindDeleted({ mappings, suggested, onStarted }: FindDeletedProps): ReactNode {
  const { t } = useTranslation('skipped')
  const { act } = useAction()
  const [open, setOpen] = useState(false)
  const [picked, setPicked] = useState<string | null>(null)
  const only = mappings.length === 1 ? mappings[0] : undefined
  const meant = mappings.filter(
    ({ name, connection }) =>
      name === suggested.mapping &&
      (suggested.connection === null || connection.name === suggested.connection),
  )
  const chosen =
    mappings.find(({ id }) => id === picked) ?? (meant.length === 1 ? meant[0] : undefined) ?? only
  const several = new Set(mappings.map(({ connection }) => connection.id)).size > 1
  async function search(): Promise<void> {
    if (chosen === undefined) return
    const data = await act(FindDeletedDocument, { mapping: chosen.name, connection: chosen.connection.name })
    setOpen(false)
    if (data?.findDeletedRecords != null) onStarted({ id: data.findDeletedRecords.id, mapping: chosen.name })
  }
  return (
    <>
      <AllowedButton needs="OPERATOR" onClick={() => setOpen(true)}>
        {t('findDeleted.open')}
      </AllowedButton>
      <ConfirmDialog
        open={open}
        title={t('findDeleted.title')}
        confirm={t('findDeleted.confirm')}
        disabled={chosen === undefined}
        onConfirm={search}
        onClose={() => setOpen(false)}
      >
        <Text block>{t('findDeleted.text')}</Text>
        <Field label={t('findDeleted.mapping')}>
          <Select value={chosen?.id ?? ''} onChange={(_event, { value }) => setPicked(value)}>
            {chosen === undefined && <option value="">{t('findDeleted.choose')}</option>}
            {mappings.map(({ id, name, connection }) => (
              <option key={id} value={id}>
                {several ? `${name} (${connection.name})` : name}
              </option>
            ))}
          </Select>
        </Field>
      </ConfirmDialog>
    </>
  )
}

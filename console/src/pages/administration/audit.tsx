import { Badge, Button, Field, Input } from '@fluentui/react-components'
import { DocumentSearchRegular } from '@fluentui/react-icons'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SpanSelect, useSpan } from '../../shared/common-filters.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { Instant } from '../../shared/instant.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { AuditDrawer } from './audit-drawer.js'
import { AuditSubjects, type AuditEntry } from './audit-subjects.js'
import { AuditDocument } from './generated/graphql.js'

/** Milliseconds after the last key until what is typed is searched for. */
const TYPED = 400
const NOTHING = { actor: '', action: '', outcome: '', span: '' }

/** Everything that somebody did, or was refused: filtered, with what stood there before and after. */
export function Audit(): ReactNode {
  const { t } = useTranslation(['administration', 'console'])
  const narrow = useIsNarrow()
  const [typed, setTyped] = useState(NOTHING)
  const [asked, setAsked] = useState(NOTHING)
  const [open, setOpen] = useState<AuditEntry | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), TYPED)
    return () => clearTimeout(timer)
  }, [typed])
  const words = (text: string): readonly string[] | null => (text.trim() === '' ? null : [text.trim()])
  const filter = {
    actor: words(asked.actor),
    action: words(asked.action),
    outcome: words(asked.outcome),
    time: useSpan(asked.span),
  }
  const pages = usePages({
    query: AuditDocument,
    variables: { filter },
    connection: ({ auditEntries }) => auditEntries,
  })
  const actionColumn: Column<AuditEntry> = {
    id: 'action',
    title: t('audit.action'),
    width: 'minmax(190px, 1.4fr)',
    twoLines: true,
    cell: (entry) => <span title={entry.action}>{entry.action}</span>,
  }
  const isFiltered = Object.values(asked).some((text) => text !== '')
  return (
    <>
      <FilterBar label={t('audit.filters')}>
        <Field label={t('audit.actor')}>
          <Input value={typed.actor} onChange={(_event, { value }) => setTyped({ ...typed, actor: value })} />
        </Field>
        <Field label={t('audit.action')}>
          <Input
            value={typed.action}
            placeholder={t('audit.actionHint')}
            onChange={(_event, { value }) => setTyped({ ...typed, action: value })}
          />
        </Field>
        <Field label={t('audit.outcome')}>
          <Input
            value={typed.outcome}
            placeholder={t('audit.outcomeHint')}
            onChange={(_event, { value }) => setTyped({ ...typed, outcome: value })}
          />
        </Field>
        <SpanSelect
          label={t('audit.time')}
          value={typed.span}
          onChange={(span) => setTyped({ ...typed, span })}
        />
        <Button disabled={!isFiltered} onClick={() => setTyped(NOTHING)}>
          {t('console:filter.clear')}
        </Button>
      </FilterBar>
      <DataTable
        label={t('tabs.audit')}
        pages={pages}
        narrow={narrow}
        id={({ id }) => id}
        name={({ action }) => action}
        onOpen={setOpen}
        columns={[
          // Where there is little room, what was done comes before when.
          ...(narrow ? [actionColumn] : []),
          {
            id: 'at',
            title: t('audit.at'),
            width: '148px',
            cell: ({ at }) => <Instant at={at} as="short" />,
          },
          {
            id: 'actor',
            title: t('audit.actor'),
            width: 'minmax(90px, 0.6fr)',
            cell: ({ actor }) => actor.name,
          },
          ...(narrow ? [] : [actionColumn]),
          {
            id: 'what',
            title: t('audit.what'),
            width: 'minmax(200px, 2fr)',
            twoLines: true,
            wideOnly: true,
            cell: (entry) => <AuditSubjects entry={entry} />,
          },
          {
            id: 'outcome',
            title: t('audit.outcome'),
            width: '110px',
            cell: ({ outcome }) => (
              <Badge appearance="tint" color={outcome === 'OK' ? 'success' : 'warning'}>
                {outcome}
              </Badge>
            ),
          },
          {
            id: 'address',
            title: t('audit.address'),
            width: '110px',
            wideOnly: true,
            cell: ({ address }) => address,
          },
        ]}
        empty={
          <EmptyState
            title={t(isFiltered ? 'audit.noneFound' : 'audit.none')}
            icon={<DocumentSearchRegular />}
          />
        }
      />
      <AuditDrawer entry={open} onClose={() => setOpen(null)} />
    </>
  )
}

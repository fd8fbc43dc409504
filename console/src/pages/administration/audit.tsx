import { Badge, Button, Field, Input, Select } from '@fluentui/react-components'
import { DocumentSearchRegular } from '@fluentui/react-icons'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../shared/data-table.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { Instant } from '../../shared/instant.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { AuditDrawer, type AuditEntry } from './audit-drawer.js'
import { AuditDocument } from './generated/graphql.js'

/** Hours that a span of the filter reaches back. */
const SPANS = { hour: 1, day: 24, week: 168, month: 720 } as const
type Span = keyof typeof SPANS
/** Milliseconds after the last key until what is typed is searched for. */
const TYPED = 400
const NOTHING = { actor: '', action: '', outcome: '', span: '' }

/** Everything that somebody did, or was refused: filtered, with what stood there before and after. */
export function Audit(): ReactNode {
  const { t } = useTranslation('administration')
  const narrow = useIsNarrow()
  const [typed, setTyped] = useState(NOTHING)
  const [asked, setAsked] = useState(NOTHING)
  const [open, setOpen] = useState<AuditEntry | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), TYPED)
    return () => clearTimeout(timer)
  }, [typed])
  const filter = useMemo(() => {
    const words = (text: string): readonly string[] | null => (text.trim() === '' ? null : [text.trim()])
    const hours = SPANS[asked.span as Span] as number | undefined
    return {
      actor: words(asked.actor),
      action: words(asked.action),
      outcome: words(asked.outcome),
      time: hours === undefined ? null : { from: new Date(Date.now() - hours * 3_600_000).toISOString() },
    }
  }, [asked])
  const pages = usePages({
    query: AuditDocument,
    variables: { filter },
    connection: ({ auditEntries }) => auditEntries,
  })
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
        <Field label={t('audit.time')}>
          <Select value={typed.span} onChange={(_event, { value }) => setTyped({ ...typed, span: value })}>
            <option value="">{t('audit.anyTime')}</option>
            {Object.keys(SPANS).map((span) => (
              <option key={span} value={span}>
                {t(`audit.${span}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Button disabled={!isFiltered} onClick={() => setTyped(NOTHING)}>
          {t('audit.clear')}
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
          { id: 'at', title: t('audit.at'), width: '172px', cell: ({ at }) => <Instant at={at} /> },
          {
            id: 'actor',
            title: t('audit.actor'),
            width: 'minmax(110px, 1fr)',
            cell: ({ actor }) => actor.name,
          },
          {
            id: 'action',
            title: t('audit.action'),
            width: 'minmax(170px, 1.5fr)',
            cell: ({ action }) => action,
          },
          {
            id: 'what',
            title: t('audit.what'),
            width: 'minmax(140px, 2fr)',
            wideOnly: true,
            cell: ({ changes }) => changes.map(({ kind, name }) => `${kind} ${name}`).join(', '),
          },
          {
            id: 'outcome',
            title: t('audit.outcome'),
            width: '190px',
            cell: ({ outcome }) => (
              <Badge appearance="tint" color={outcome === 'OK' ? 'success' : 'warning'}>
                {outcome}
              </Badge>
            ),
          },
          {
            id: 'address',
            title: t('audit.address'),
            width: '120px',
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

import type { TFunction } from 'i18next'
import type { Column } from '../../shared/data-table.js'
import { Duration } from '../../shared/duration.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Quantity } from '../../shared/quantity.js'
import type { JobRowFragment } from './generated/graphql.js'

/** The counters of a job, in Business Central's order. */
export const COUNTERS = [
  'inserted',
  'modified',
  'deleted',
  'unchanged',
  'skipped',
  'failed',
  'conflicts',
  'coupled',
  'uncoupled',
  'ignored',
  'retried',
] as const
export type Counter = (typeof COUNTERS)[number]
/** Pixels that their titles need, where that is not as much as most do. */
const WIDTHS: Partial<Record<Counter, number>> = {
  modified: 74,
  unchanged: 86,
  conflicts: 78,
  uncoupled: 84,
  failed: 58,
}

/** Seconds that a job took; null while it runs. */
export function secondsOf({
  start,
  finish,
}: {
  readonly start?: string | null
  readonly finish?: string | null
}): number | null {
  return start == null || finish == null ? null : (Date.parse(finish) - Date.parse(start)) / 1000
}

/** The columns of the log, as Business Central has them. */
export function jobColumns(t: TFunction): readonly Column<JobRowFragment>[] {
  const counter = (name: Counter, wideOnly = false): Column<JobRowFragment> => ({
    id: name,
    title: t(`columns.${name}`),
    width: `${WIDTHS[name] ?? 66}px`,
    align: 'end',
    wideOnly,
    cell: (job) =>
      name === 'failed' && job.failed > 0 ? (
        <InnerLink to={`/jobs/${job.run.id}`} aria-label={`${t('columns.failed')}: ${job.failed}`}>
          <Quantity value={job.failed} />
        </InnerLink>
      ) : (
        <Quantity value={job[name]} />
      ),
  })
  return [
    {
      id: 'start',
      title: t('columns.start'),
      width: '144px',
      cell: ({ start }) => <Instant at={start} as="short" />,
    },
    {
      id: 'mapping',
      title: t('columns.mapping'),
      width: 'minmax(120px, 1fr)',
      twoLines: true,
      cell: ({ mapping, run }) => <InnerLink to={`/jobs/${run.id}`}>{mapping.name}</InnerLink>,
    },
    {
      id: 'status',
      title: t('columns.status'),
      width: '116px',
      cell: ({ status }) => <OutcomeBadge outcome={status} />,
    },
    {
      id: 'duration',
      title: t('columns.duration'),
      width: '72px',
      align: 'end',
      cell: (job) => <Duration seconds={secondsOf(job)} />,
    },
    counter('inserted'),
    counter('modified'),
    counter('deleted'),
    counter('unchanged'),
    counter('skipped'),
    counter('failed'),
    counter('conflicts'),
    {
      id: 'direction',
      title: t('columns.direction'),
      width: '160px',
      cell: ({ direction }) => t(`directions.${direction}`),
    },
    counter('coupled', true),
    counter('uncoupled', true),
    {
      id: 'finish',
      title: t('columns.finish'),
      width: '160px',
      wideOnly: true,
      cell: ({ finish }) => <Instant at={finish} as="short" />,
    },
    {
      id: 'message',
      title: t('columns.message'),
      width: 'minmax(160px, 2fr)',
      cell: ({ message }) => <span title={message ?? undefined}>{message}</span>,
    },
  ]
}

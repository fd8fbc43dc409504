import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DetailDrawer } from '../../shared/detail-drawer.js'
import { Facts } from '../../shared/facts.js'
import { Instant } from '../../shared/instant.js'
import { AuditSubjects, type AuditEntry } from './audit-subjects.js'

const useStyles = makeStyles({
  code: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  cell: { overflowWrap: 'anywhere', verticalAlign: 'top', paddingBlock: tokens.spacingVerticalXS },
})

export interface AuditDrawerProps {
  /** Null: it is closed. */
  readonly entry: AuditEntry | null
  readonly onClose: () => void
}

/** One entry: who, from where, with what arguments, and what it changed. */
export function AuditDrawer({ entry, onClose }: AuditDrawerProps): ReactNode {
  const { t } = useTranslation(['administration', 'console'])
  const styles = useStyles()
  return (
    <DetailDrawer
      of={entry}
      title={({ action, actor }) => t('audit.title', { action, actor: actor.name })}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <Facts
            facts={[
              [t('audit.what'), <AuditSubjects key="what" entry={shown} />],
              [t('audit.at'), <Instant key="at" at={shown.at} />],
              [t('audit.outcome'), shown.outcome],
              [t('audit.address'), shown.address],
              [
                t('audit.by'),
                `${shown.actor.name} (${t(`audit.kinds.${shown.actor.kind}`)}, ${t(`console:session.roles.${shown.actor.role}`)})`,
              ],
            ]}
          />
          {shown.changes.map((change) => (
            <Change key={`${change.kind} ${change.id}`} change={change} />
          ))}
          {Object.keys(shown.arguments).length > 0 && (
            <div>
              <Text weight="semibold">{t('audit.arguments')}</Text>
              <pre className={styles.code}>{JSON.stringify(shown.arguments, null, 2)}</pre>
            </div>
          )}
        </>
      )}
    </DetailDrawer>
  )
}

function Change({ change }: { readonly change: AuditEntry['changes'][number] }): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const before = flat(change.before)
  const after = flat(change.after)
  const settings = [...new Set([...before.keys(), ...after.keys()])]
  const label = `${t('audit.changed')}: ${change.kind} ${change.name}`
  return (
    <div>
      <Text weight="semibold">{label}</Text>
      <Table size="small" aria-label={label}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('audit.setting')}</TableHeaderCell>
            <TableHeaderCell>{t('audit.before')}</TableHeaderCell>
            <TableHeaderCell>{t('audit.after')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {settings.map((setting) => (
            <TableRow key={setting}>
              <TableCell className={styles.cell}>{setting}</TableCell>
              <TableCell className={styles.cell}>{before.get(setting) ?? t('audit.blank')}</TableCell>
              <TableCell className={styles.cell}>{after.get(setting) ?? t('audit.blank')}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

/** The values of what was changed, by their path: `schedule.minutes`. */
function flat(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (value === null || value === undefined) return new Map()
  if (typeof value !== 'object') return new Map([[path, String(value)]])
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return new Map([[path, value.join(', ')]])
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...flat(inner, path === '' ? name : `${path}.${name}`),
    ]),
  )
}

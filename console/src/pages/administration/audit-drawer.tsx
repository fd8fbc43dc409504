import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../shared/facts.js'
import { Instant } from '../../shared/instant.js'
import type { AuditQuery } from './generated/graphql.js'

export type AuditEntry = AuditQuery['auditEntries']['nodes'][number]

const useStyles = makeStyles({
  drawer: { width: 'min(680px, 100vw)' },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    paddingBlockEnd: tokens.spacingVerticalXXL,
  },
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
    <OverlayDrawer
      open={entry !== null}
      position="end"
      className={styles.drawer}
      onOpenChange={(_event, { open }) => {
        if (!open) onClose()
      }}
    >
      {entry !== null && (
        <>
          <DrawerHeader>
            <DrawerHeaderTitle
              action={
                <Button
                  appearance="subtle"
                  aria-label={t('close')}
                  icon={<DismissRegular />}
                  onClick={onClose}
                />
              }
            >
              {t('audit.title', { action: entry.action, actor: entry.actor.name })}
            </DrawerHeaderTitle>
          </DrawerHeader>
          <DrawerBody className={styles.body}>
            <Facts
              facts={[
                [t('audit.at'), <Instant key="at" at={entry.at} />],
                [t('audit.outcome'), entry.outcome],
                [t('audit.address'), entry.address],
                [
                  t('audit.by'),
                  `${entry.actor.name} (${t(`audit.kinds.${entry.actor.kind}`)}, ${t(`console:session.roles.${entry.actor.role}`)})`,
                ],
              ]}
            />
            {entry.changes.map((change) => (
              <Change key={`${change.kind} ${change.id}`} change={change} />
            ))}
            {Object.keys(entry.arguments).length > 0 && (
              <div>
                <Text weight="semibold">{t('audit.arguments')}</Text>
                <pre className={styles.code}>{JSON.stringify(entry.arguments, null, 2)}</pre>
              </div>
            )}
          </DrawerBody>
        </>
      )}
    </OverlayDrawer>
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

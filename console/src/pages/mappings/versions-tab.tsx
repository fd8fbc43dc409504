import {
  Badge,
  Card,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { Instant } from '../../shared/instant.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { MappingVersionsDocument, RestoreMappingVersionDocument } from './generated/graphql.js'
import { useChangeWords } from './use-change-words.js'
import type { Mapping } from './use-draft.js'
import { VersionDiff } from './version-diff.js'

const useStyles = makeStyles({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1 },
  changes: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** Every version of the mapping: who made it, why, what it changed; one beside another; and the way back. */
export default function VersionsTab({
  mapping,
  onRestored,
}: {
  readonly mapping: Mapping
  readonly onRestored: () => void
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const words = useChangeWords()
  const notify = useNotify()
  const variables = { connection: mapping.connection.name, name: mapping.name }
  const [{ data, error }, refetch] = useQuery({ query: MappingVersionsDocument, variables })
  const [, restore] = useMutation(RestoreMappingVersionDocument)
  const [from, setFrom] = useState<number | null>(null)
  const [to, setTo] = useState<number | null>(null)
  const [asked, setAsked] = useState<number | null>(null)
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  if (error !== undefined && data === undefined)
    return <ErrorState failure={failureOf(error)} retry={again} />
  if (data === undefined) return <LoadingState />
  const versions = data.integrationTableMappingVersions
  const newest = versions[0]
  const older = versions.find(({ version }) => version === (from ?? versions[1]?.version))
  const newer = versions.find(({ version }) => version === (to ?? newest?.version))
  return (
    <>
      {older !== undefined && newer !== undefined && older.version !== newer.version && (
        <VersionDiff older={older} newer={newer} />
      )}
      <ul className={styles.list}>
        {versions.map((version) => (
          <li key={version.version}>
            <Card>
              <div className={styles.head}>
                <Text weight="semibold">{t('versions.version', { version: version.version })}</Text>
                {version.version === mapping.version && (
                  <Badge appearance="tint" color="success">
                    {t('versions.inForce')}
                  </Badge>
                )}
                <Text className={styles.grow}>
                  {version.author} <Instant at={version.at} as="ago" />
                </Text>
                {versions.length > 1 && (
                  <>
                    <Radio
                      name="older"
                      value={String(version.version)}
                      label={t('versions.from')}
                      aria-label={t('versions.fromVersion', { version: version.version })}
                      checked={older?.version === version.version}
                      onChange={() => setFrom(version.version)}
                    />
                    <Radio
                      name="newer"
                      value={String(version.version)}
                      label={t('versions.to')}
                      aria-label={t('versions.toVersion', { version: version.version })}
                      checked={newer?.version === version.version}
                      onChange={() => setTo(version.version)}
                    />
                  </>
                )}
                {version.version !== mapping.version && (
                  <AllowedButton needs="ADMINISTRATOR" size="small" onClick={() => setAsked(version.version)}>
                    {t('versions.restore')}
                  </AllowedButton>
                )}
              </div>
              {version.note != null && <Text italic>{version.note}</Text>}
              {version.changes.length > 0 && (
                <ul className={styles.changes}>
                  {version.changes.map((change) => (
                    <li key={change.path}>{words(change)}</li>
                  ))}
                </ul>
              )}
              {version.consequences.map((consequence) => (
                <MessageBar key={consequence} intent="info" layout="multiline">
                  <MessageBarBody>{consequence}</MessageBarBody>
                </MessageBar>
              ))}
            </Card>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={asked !== null}
        title={t('versions.restoreTitle', { version: asked ?? 0, name: mapping.name })}
        confirm={t('versions.restore')}
        onConfirm={async () => {
          if (asked === null) return
          const answer = await restore({ ...variables, restore: asked, version: mapping.version, note: null })
          setAsked(null)
          if (answer.error === undefined) {
            notify({ intent: 'success', title: t('versions.restored', { version: asked }) })
            setFrom(null)
            setTo(null)
            again()
            onRestored()
          } else {
            notify({ intent: 'error', title: failureOf(answer.error).message })
            onRestored()
          }
        }}
        onClose={() => setAsked(null)}
      >
        {t('versions.restoreText')}
      </ConfirmDialog>
    </>
  )
}

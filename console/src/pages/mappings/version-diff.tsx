import { Card, makeStyles, Select, Text, tokens } from '@fluentui/react-components'
import { createTwoFilesPatch } from 'diff'
import { useMemo, useState, type ReactNode } from 'react'
import { Diff, Hunk, parseDiff, type ViewType } from 'react-diff-view'
import 'react-diff-view/style/index.css'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../../shell/preferences.js'

/** Lines around a difference. */
const AROUND = 3
const HEAD = 'diff --git a/mapping b/mapping\n--- a/mapping\n+++ b/mapping\n'

const useStyles = makeStyles({
  card: { gap: tokens.spacingVerticalM },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  scroll: { overflowX: 'auto' },
  diff: {
    '--diff-background-color': tokens.colorNeutralBackground1,
    '--diff-text-color': tokens.colorNeutralForeground1,
    '--diff-font-family': tokens.fontFamilyMonospace,
    '--diff-gutter-insert-background-color': tokens.colorPaletteGreenBackground1,
    '--diff-gutter-insert-text-color': tokens.colorNeutralForeground1,
    '--diff-gutter-delete-background-color': tokens.colorPaletteRedBackground1,
    '--diff-gutter-delete-text-color': tokens.colorNeutralForeground1,
    '--diff-code-insert-background-color': tokens.colorPaletteGreenBackground1,
    '--diff-code-insert-text-color': tokens.colorNeutralForeground1,
    '--diff-code-delete-background-color': tokens.colorPaletteRedBackground1,
    '--diff-code-delete-text-color': tokens.colorNeutralForeground1,
    '--diff-omit-gutter-line-color': tokens.colorNeutralStroke2,
    fontSize: tokens.fontSizeBase200,
    minWidth: '640px',
  },
})

interface Version {
  readonly version: number
  readonly document: Readonly<Record<string, unknown>>
}

/** Two versions of the mapping as mapping files would hold them, with what differs. */
export function VersionDiff({
  older,
  newer,
}: {
  readonly older: Version
  readonly newer: Version
}): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [chosen, setChosen] = useState<ViewType | null>(null)
  const view = chosen ?? (narrow ? 'unified' : 'split')
  const files = useMemo(() => {
    const text = ({ document }: Version): string => `${JSON.stringify(document, null, 2)}\n`
    const patch = createTwoFilesPatch('older', 'newer', text(older), text(newer), '', '', { context: AROUND })
    const hunks = patch.indexOf('@@')
    // The parser reads what git writes, which names the file first.
    return hunks === -1 ? [] : parseDiff(`${HEAD}${patch.slice(hunks)}`)
  }, [older, newer])
  const title = t('versions.between', { from: older.version, to: newer.version })
  const [file] = files
  return (
    <Card className={styles.card} role="region" aria-label={title}>
      <div className={styles.head}>
        <Text as="h2" size={400} weight="semibold">
          {title}
        </Text>
        <Select
          aria-label={t('versions.view')}
          value={view}
          onChange={(_event, { value }) => setChosen(value as ViewType)}
        >
          <option value="split">{t('versions.split')}</option>
          <option value="unified">{t('versions.unified')}</option>
        </Select>
      </div>
      {file === undefined || file.hunks.length === 0 ? (
        <Text>{t('versions.same')}</Text>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={title}>
          <Diff viewType={view} diffType={file.type} hunks={file.hunks} className={styles.diff}>
            {(hunks) => hunks.map((hunk) => <Hunk key={hunk.content} hunk={hunk} />)}
          </Diff>
        </div>
      )}
    </Card>
  )
}

import { Button, Card, makeStyles, Text, Subtitle1, tokens } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { said } from '../../i18n/said.js'
import type { FilterDocument } from './document.js'
import { FilterBuilder, newCondition } from './filter-builder.js'
import { filterText } from './filter-text.js'
import type { TabProps } from './settings-tab.js'
import { captionOf, type Table } from './use-tables.js'

const useStyles = makeStyles({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 460px), 1fr))',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
  },
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  text: {
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    overflowWrap: 'anywhere',
  },
})

/** Which records of each table take part. */
export function FiltersTab({ draft, tables, readOnly }: TabProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  return (
    <div className={styles.grid}>
      <FilterCard
        title={t('setting.localFilter')}
        table={tables.local}
        filter={draft.document.localFilter}
        readOnly={readOnly}
        onChange={(filter) => draft.set('localFilter', filter)}
      />
      <FilterCard
        title={t('setting.integrationFilter')}
        table={tables.integration}
        filter={draft.document.integrationFilter}
        readOnly={readOnly}
        onChange={(filter) => draft.set('integrationFilter', filter)}
      />
    </div>
  )
}

function FilterCard({
  title,
  table,
  filter,
  readOnly,
  onChange,
}: {
  readonly title: string
  readonly table: Table | null
  readonly filter: FilterDocument | null
  readonly readOnly: boolean
  onChange(filter: FilterDocument | null): void
}): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  const styles = useStyles()
  const inWords =
    filter === null
      ? t('filter.all')
      : said(
          filterText(filter, (field) => captionOf(table, field)),
          i18n.language,
        )
  return (
    <Card className={styles.card} role="group" aria-label={title}>
      <Subtitle1 as="h2">{title}</Subtitle1>
      <div className={styles.text} role="status" aria-label={t('filter.inWords')}>
        <Text font="monospace">{inWords}</Text>
      </div>
      {filter === null ? (
        <div>
          <Button
            icon={<AddRegular />}
            disabled={readOnly || table === null}
            onClick={() => onChange({ and: [newCondition(table)] })}
          >
            {t('filter.begin')}
          </Button>
        </div>
      ) : (
        <>
          <FilterBuilder table={table} filter={filter} readOnly={readOnly} onChange={onChange} />
          {'field' in filter && (
            <div>
              <Button
                size="small"
                icon={<AddRegular />}
                disabled={readOnly}
                onClick={() => onChange({ and: [filter, newCondition(table)] })}
              >
                {t('filter.addCondition')}
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  )
}

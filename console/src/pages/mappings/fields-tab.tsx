import {
  Badge,
  Button,
  Card,
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { AddRegular, DeleteRegular, EditRegular, LightbulbRegular } from '@fluentui/react-icons'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { DirectionMark } from './direction-mark.js'
import { fieldName, type FieldDocument } from './document.js'
import { withField, withoutField } from './field-list.js'
import { End, Extras } from './field-words.js'
import type { TabProps } from './settings-tab.js'
import { SuggestionsDialog } from './suggestions-dialog.js'
import type { Mapping } from './use-draft.js'
import { captionOf } from './use-tables.js'

const FieldEditor = lazy(() => import('./field-editor.js'))

const useStyles = makeStyles({
  scroll: {
    overflowX: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  table: { minWidth: '820px' },
  pair: { width: '40%' },
  narrow: { width: '110px' },
  status: { width: '150px' },
  acts: { width: '96px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  stack: { display: 'flex', flexDirection: 'column', paddingBlock: tokens.spacingVerticalXS },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  cards: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  grow: { flexGrow: 1 },
})

/** By its name; its name null: one that is being made. */
type Edited = { readonly name: string | null } | null

/** Which field goes where, and how. */
export function FieldsTab({
  mapping,
  draft,
  tables,
  readOnly,
}: TabProps & { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [edited, setEdited] = useState<Edited>(null)
  const [removed, setRemoved] = useState<string | null>(null)
  const [suggesting, setSuggesting] = useState(false)
  const { fields } = draft.document
  const removedField = fields.find((one) => fieldName(one) === removed)
  const unavailable = new Map(mapping.fields.map((field) => [field.name, field.unavailable]))
  const before = new Map(draft.base.document.fields.map((field) => [fieldName(field), JSON.stringify(field)]))
  const nameOf = (field: FieldDocument): string =>
    `${field.localField === null ? t('fields.constant') : captionOf(tables.local, field.localField)} – ${
      field.integrationField === null
        ? t('fields.constant')
        : captionOf(tables.integration, field.integrationField)
    }`
  const ends = (field: FieldDocument): ReactNode => (
    <>
      <End
        field={field.localField}
        constant={field.constant}
        caption={(name) => captionOf(tables.local, name)}
      />
      <DirectionMark direction={field.direction} />
      <End
        field={field.integrationField}
        constant={field.constant}
        caption={(name) => captionOf(tables.integration, name)}
      />
    </>
  )
  const buttons = (field: FieldDocument): ReactNode => (
    <span style={{ whiteSpace: 'nowrap' }}>
      <Button
        appearance="subtle"
        icon={<EditRegular />}
        aria-label={t(readOnly ? 'fields.look' : 'fields.edit', { name: nameOf(field) })}
        onClick={() => setEdited({ name: fieldName(field) })}
      />
      <Button
        appearance="subtle"
        icon={<DeleteRegular />}
        disabled={readOnly}
        aria-label={t('fields.remove', { name: nameOf(field) })}
        onClick={() => setRemoved(fieldName(field))}
      />
    </span>
  )
  const marks = (field: FieldDocument): ReactNode => {
    const name = fieldName(field)
    const why = unavailable.get(name)
    const isNew = before.get(name) !== JSON.stringify(field)
    return (
      <span className={styles.line}>
        <Badge appearance="tint" color={field.status === 'ENABLED' ? 'success' : 'subtle'}>
          {t(`fields.status.${field.status}`)}
        </Badge>
        {isNew && (
          <Badge appearance="tint" color="brand">
            {t(before.has(name) ? 'fields.changed' : 'fields.new')}
          </Badge>
        )}
        {why != null && (
          <Badge appearance="tint" color="danger" title={why}>
            {t('fields.unavailable')}
          </Badge>
        )}
      </span>
    )
  }
  return (
    <>
      <div className={styles.line}>
        <Text className={mergeClasses(styles.grow, styles.quiet)}>
          {t('fields.count', { count: fields.length })}
        </Text>
        <Button
          icon={<LightbulbRegular />}
          disabled={readOnly || tables.local === null}
          onClick={() => setSuggesting(true)}
        >
          {t('fields.suggest')}
        </Button>
        <Button
          icon={<AddRegular />}
          disabled={readOnly || tables.local === null}
          onClick={() => setEdited({ name: null })}
        >
          {t('fields.add')}
        </Button>
      </div>
      {narrow ? (
        <ul className={styles.cards}>
          {fields.map((field, index) => (
            <li key={fieldName(field) + index}>
              <Card>
                <div className={styles.line}>
                  <span className={mergeClasses(styles.line, styles.grow)}>{ends(field)}</span>
                  {buttons(field)}
                </div>
                {marks(field)}
                <Text size={200} className={styles.quiet}>
                  <Extras field={field} />
                </Text>
              </Card>
            </li>
          ))}
        </ul>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('tabs.fields')}>
          <Table aria-label={t('tabs.fields')} className={styles.table} size="small">
            <TableHeader>
              <TableRow>
                <TableHeaderCell className={styles.pair}>{t('fields.pair')}</TableHeaderCell>
                <TableHeaderCell>{t('fields.extras')}</TableHeaderCell>
                <TableHeaderCell className={styles.narrow}>{t('fields.owner')}</TableHeaderCell>
                <TableHeaderCell className={styles.status}>{t('fields.statusColumn')}</TableHeaderCell>
                <TableHeaderCell className={styles.acts} aria-label={t('columns.actions')} />
              </TableRow>
            </TableHeader>
            <TableBody>
              {fields.map((field, index) => (
                <TableRow key={fieldName(field) + index}>
                  <TableCell>
                    <span className={styles.line}>{ends(field)}</span>
                  </TableCell>
                  <TableCell>
                    <Text size={200} className={styles.quiet}>
                      <Extras field={field} />
                    </Text>
                  </TableCell>
                  <TableCell>{field.owner === null ? '' : t(`side.${field.owner}`)}</TableCell>
                  <TableCell>{marks(field)}</TableCell>
                  <TableCell>{buttons(field)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {suggesting && (
        <SuggestionsDialog
          mapping={mapping}
          draft={draft}
          tables={tables}
          onAdd={(added) => draft.set('fields', [...fields, ...added])}
          onClose={() => setSuggesting(false)}
        />
      )}
      {edited !== null && (
        <Suspense fallback={null}>
          <FieldEditor
            mapping={mapping}
            direction={draft.document.direction}
            tables={tables}
            readOnly={readOnly}
            field={fields.find((one) => fieldName(one) === edited.name) ?? null}
            taken={fields.map(fieldName).filter((name) => name !== edited.name)}
            onClose={() => setEdited(null)}
            onChange={(field) => {
              draft.set('fields', withField(fields, edited.name, field))
              setEdited(null)
            }}
          />
        </Suspense>
      )}
      <ConfirmDialog
        open={removed !== null}
        title={t('fields.removeTitle')}
        confirm={t('fields.removeConfirm')}
        onConfirm={() => {
          if (removed !== null) draft.set('fields', withoutField(fields, removed))
          setRemoved(null)
        }}
        onClose={() => setRemoved(null)}
      >
        {removedField !== undefined && t('fields.removeText', { name: nameOf(removedField) })}
      </ConfirmDialog>
    </>
  )
}

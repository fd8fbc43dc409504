import {
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../../api/failure.js'
import { NewMappingTablesDocument, type NewMappingConnectionsQuery, type Side } from '../generated/graphql.js'
import type { NewDraft } from './new-draft.js'
import { DIRECTIONS } from '../policies.js'
import { freeName, isTaken, type Way } from './pair.js'

export type Connection = NewMappingConnectionsQuery['connections'][number]

export const useFormStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    alignItems: 'start',
    '& > *': { minWidth: 0 },
    '& .fui-Select, & .fui-Select__select, & .fui-Input': { minWidth: 0 },
  },
})

export interface StepProps {
  readonly draft: NewDraft
  change(part: Partial<NewDraft>): void
}

export interface TablesStepProps extends StepProps {
  readonly connections: readonly Connection[]
  /** The connection is given, not chosen. */
  readonly isFixed: boolean
}

/** Which two tables, which way, and what the mapping is called. */
export function TablesStep({ draft, change, connections, isFixed }: TablesStepProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useFormStyles()
  const connection = connections.find(({ name }) => name === draft.connection)
  const taken = connection?.mappings.map(({ name }) => name) ?? []
  return (
    <div className={styles.form}>
      {!isFixed && (
        <Field label={t('create.connection')} required>
          <Select
            value={draft.connection}
            onChange={(_event, { value }) =>
              change({ connection: value, localTable: '', integrationTable: '', own: [], choices: new Map() })
            }
          >
            {connections.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {connection !== undefined && (
        <>
          <TableField
            connection={draft.connection}
            side="LOCAL"
            label={`${t('side.LOCAL')} (${connection.localSystem.caption})`}
            value={draft.localTable}
            onChange={(localTable, caption) =>
              change({
                localTable,
                ...(draft.isNamed ? {} : { name: freeName(caption, taken) }),
                own: [],
                choices: new Map(),
                match: '',
              })
            }
          />
          <TableField
            connection={draft.connection}
            side="INTEGRATION"
            label={`${t('side.INTEGRATION')} (${connection.integrationSystem.caption})`}
            value={draft.integrationTable}
            onChange={(integrationTable) =>
              change({ integrationTable, own: [], choices: new Map(), match: '' })
            }
          />
        </>
      )}
      <Field label={t('setting.direction')} hint={t(`choiceHint.${draft.direction}`)}>
        <Select value={draft.direction} onChange={(_event, { value }) => change({ direction: value as Way })}>
          {DIRECTIONS.map((one) => (
            <option key={one} value={one}>
              {t(`direction.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t('create.name')}
        hint={t('create.nameHint')}
        required
        {...(isTaken(draft.name, taken) && {
          validationMessage: t('create.nameTaken', { name: draft.name.trim() }),
        })}
      >
        <Input
          value={draft.name}
          maxLength={50}
          onChange={(_event, { value }) => change({ name: value, isNamed: value !== '' })}
        />
      </Field>
    </div>
  )
}

interface TableFieldProps {
  readonly connection: string
  readonly side: Side
  readonly label: string
  readonly value: string
  onChange(table: string, caption: string): void
}

function TableField({ connection, side, label, value, onChange }: TableFieldProps): ReactNode {
  const { t } = useTranslation('mappings')
  const [{ data, error }] = useQuery({ query: NewMappingTablesDocument, variables: { connection, side } })
  const tables = data?.systemTables.tables ?? []
  const mapped = tables.find(({ name }) => name === value)?.mappings ?? []
  if (error !== undefined)
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          {label}: {failureOf(error).message}
        </MessageBarBody>
      </MessageBar>
    )
  return (
    <Field
      label={label}
      required
      {...(mapped.length === 0 ? {} : { hint: t('create.mappedBy', { names: mapped.join(', ') }) })}
    >
      <Select
        value={value}
        disabled={data === undefined}
        onChange={(_event, { value: chosen }) =>
          onChange(chosen, tables.find(({ name }) => name === chosen)?.caption ?? chosen)
        }
      >
        <option value="">{t(data === undefined ? 'create.reading' : 'create.choose')}</option>
        {tables.map(({ name, caption }) => (
          <option key={name} value={name}>
            {caption === name ? name : `${caption} (${name})`}
          </option>
        ))}
      </Select>
    </Field>
  )
}

import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Panel } from '../../shared/panel.js'
import { LoadingState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import { PauseMappingDocument, ResumeMappingDocument, type SetupFragment } from './generated/graphql.js'

const NewMapping = lazy(async () => {
  const { NewMapping: wizard } = await import('../mappings/create/new-mapping.js')
  return { default: wizard }
})

const ARROWS = { BIDIRECTIONAL: '↔', TO_INTEGRATION_TABLE: '→', FROM_INTEGRATION_TABLE: '←' } as const

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  tables: { color: tokens.colorNeutralForeground2 },
})

export interface ChooseMappingsProps {
  readonly connection: SetupFragment
  readonly onChange: () => void
  /** What goes on from here; while a mapping is being made, that has steps of its own. */
  readonly next: ReactNode
  /** No mapping is to be made after all, and there is none. */
  readonly onBack: () => void
}

/** Which mappings take part: those that are not chosen are paused, and nothing of them runs until they are resumed. */
export function ChooseMappings({ connection, onChange, next, onBack }: ChooseMappingsProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const { act, busy } = useAction()
  const notify = useNotify()
  const refusal = useRefusal('OPERATOR')
  const { mappings } = connection
  const [making, setMaking] = useState(mappings.length === 0)

  async function choose(name: string, chosen: boolean): Promise<void> {
    const variables = { connection: connection.name, name }
    if (chosen) await act(ResumeMappingDocument, variables)
    else await act(PauseMappingDocument, variables)
    onChange()
  }

  return (
    <>
      {mappings.length > 0 && (
        <Panel
          title={t('choose.title')}
          actions={
            <AllowedButton
              needs="ADMINISTRATOR"
              icon={<AddRegular />}
              disabled={making}
              onClick={() => setMaking(true)}
            >
              {t('actions.newMapping')}
            </AllowedButton>
          }
        >
          <Text>{refusal ?? t('choose.hint')}</Text>
          <ul className={styles.list} aria-label={t('choose.title')}>
            {mappings.map(
              ({ id, name, direction, localTableCaption, integrationTableCaption, pausedAt, dependsOn }) => (
                <li key={id}>
                  <Checkbox
                    checked={pausedAt == null}
                    disabled={busy || refusal !== null}
                    onChange={(_event, { checked }) => void choose(name, checked === true)}
                    label={
                      <span>
                        {name}{' '}
                        <span className={styles.tables}>
                          {localTableCaption} {ARROWS[direction]} {integrationTableCaption}
                          {dependsOn.length > 0 && `, ${t('choose.after', { names: dependsOn.join(', ') })}`}
                        </span>
                      </span>
                    }
                  />
                </li>
              ),
            )}
          </ul>
        </Panel>
      )}
      {making && (
        <Suspense fallback={<LoadingState />}>
          <NewMapping
            connection={connection.name}
            canPause={false}
            onMade={({ name, warnings }) => {
              setMaking(false)
              notify({
                intent: warnings.length === 0 ? 'success' : 'warning',
                title: t('told.mapping', { name }),
                ...(warnings.length === 0 ? {} : { body: warnings.join(' ') }),
              })
              onChange()
            }}
            onCancel={mappings.length === 0 ? onBack : () => setMaking(false)}
          />
        </Suspense>
      )}
      {!making && next}
    </>
  )
}

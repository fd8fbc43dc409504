import { Field, Input, makeStyles, Select, Textarea, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { furtherOf, type SystemDraft } from './draft.js'
import { membersOf, SIGN_INS_OF, type Member, type SignIn } from './kinds.js'
import { SecretField } from './secret-field.js'

const useStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    alignItems: 'start',
    '& > *': { minWidth: 0 },
    '& .fui-Input, & .fui-Input__input': { minWidth: 0 },
  },
  wide: { gridColumn: '1 / -1' },
  code: { fontFamily: tokens.fontFamilyMonospace },
})

export interface SystemFormProps {
  readonly draft: SystemDraft
  readonly onChange: (draft: SystemDraft) => void
  /** What the server found wrong, by path. */
  readonly problems: Readonly<Record<string, string>>
  /** Paths that are required and blank, once somebody wanted to go on. */
  readonly missing: readonly string[]
  /** Secrets that are left out stay as they are. */
  readonly keepsSecrets?: boolean
}

/** The settings of one end of a connection. */
export function SystemForm({
  draft,
  onChange,
  problems,
  missing,
  keepsSecrets = false,
}: SystemFormProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const { kind, signIn, values } = draft
  const ways = SIGN_INS_OF[kind]
  const own = membersOf(kind, signIn)
  const set = (path: string, value: string): void =>
    onChange({ ...draft, values: { ...values, [path]: value } })
  const shown = (path: string): string | undefined =>
    problems[path] ?? (missing.includes(path) ? t('form.needed') : undefined)

  function input(member: Member): ReactNode {
    const { path } = member
    const problem = shown(path)
    const hint = t(`hints.${path.replace('.', '_')}`, { defaultValue: '' })
    if (member.input === 'secret') {
      return (
        <SecretField
          key={path}
          label={t(`members.${path.replace('.', '_')}`)}
          required={member.required === true && !keepsSecrets}
          hint={keepsSecrets ? t('form.secretStays') : ''}
          problem={problem}
          way={draft.secretWays[path] ?? 'value'}
          value={values[path] ?? ''}
          onChange={(way, value) =>
            onChange({
              ...draft,
              values: { ...values, [path]: value },
              secretWays: { ...draft.secretWays, [path]: way },
            })
          }
        />
      )
    }
    return (
      <Field
        key={path}
        label={t(`members.${path.replace('.', '_')}`)}
        required={member.required === true}
        {...(hint === '' ? {} : { hint })}
        {...(problem === undefined ? {} : { validationMessage: problem })}
        {...(member.input === 'long' ? { className: styles.wide } : {})}
      >
        {member.input === 'long' ? (
          <Textarea
            className={styles.code}
            rows={4}
            resize="vertical"
            spellCheck={false}
            value={values[path] ?? ''}
            onChange={(_event, { value }) => set(path, value)}
          />
        ) : member.input === 'choice' ? (
          <Select value={values[path] ?? ''} onChange={(_event, { value }) => set(path, value)}>
            <option value="">{t('form.byDefault', { value: member.choices?.[0] ?? '' })}</option>
            {member.choices?.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            type={member.input === 'number' ? 'number' : 'text'}
            spellCheck={false}
            autoComplete="off"
            placeholder={member.example ?? ''}
            value={values[path] ?? ''}
            onChange={(_event, { value }) => set(path, value)}
          />
        )}
      </Field>
    )
  }

  const furtherProblem = furtherOf(draft) === null ? t('form.noJson') : remaining(problems, own)
  return (
    <div className={styles.form}>
      {own.filter(({ path }) => !path.startsWith('signIn.')).map(input)}
      {ways.length > 0 && (
        <Field label={t('form.signIn')}>
          <Select
            value={signIn}
            onChange={(_event, { value }) => onChange({ ...draft, signIn: value as SignIn })}
          >
            {ways.map((way) => (
              <option key={way} value={way}>
                {t(`signIns.${way}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {own.filter(({ path }) => path.startsWith('signIn.')).map(input)}
      <Field
        className={styles.wide}
        label={t('form.further')}
        hint={t('form.furtherHint')}
        {...(furtherProblem === '' ? {} : { validationMessage: furtherProblem })}
      >
        <Textarea
          className={styles.code}
          rows={draft.further === '' ? 2 : 6}
          resize="vertical"
          spellCheck={false}
          placeholder={'{ "requestTimeout": 60000 }'}
          value={draft.further}
          onChange={(_event, { value }) => onChange({ ...draft, further: value })}
        />
      </Field>
    </div>
  )
}

/** Problems of settings that have no field of their own. */
function remaining(problems: Readonly<Record<string, string>>, own: readonly Member[]): string {
  const known = new Set(own.map(({ path }) => path))
  return Object.entries(problems)
    .filter(([path]) => !known.has(path))
    .map(([path, message]) => `${path}: ${message}`)
    .join(' ')
}

import { z } from 'zod'

/** What is wrong with one setting. */
export interface SettingsProblem {
  /** `signIn.tokenUrl`; empty: the settings as a whole. */
  readonly member: string
  /** Without its subject: `must be a whole number.` Values are not repeated, as they may be secrets. */
  readonly message: string
}

type Issue = z.core.$ZodIssue

/** Every problem of settings, each in words that say what was expected. */
export function describeProblems(error: z.ZodError, schema: z.ZodType): readonly SettingsProblem[] {
  return error.issues.flatMap((issue) => describeIssue(issue, schema, issue.path))
}

function describeIssue(
  issue: Issue,
  schema: z.ZodType,
  path: readonly PropertyKey[],
): readonly SettingsProblem[] {
  const member = path.map(String).join('.')
  const one = (message: string): readonly SettingsProblem[] => [{ member, message }]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        member: [...path.map(String), key].join('.'),
        message: `is no setting here. ${known(schema, path)}`,
      }))
    case 'invalid_type':
      return one(
        issue.input === undefined
          ? `is missing: expected ${expected(issue, schema)}`
          : `must be ${expected(issue, schema)}`,
      )
    case 'invalid_value':
      return one(`must be one of ${issue.values.map(String).join(', ')}`)
    case 'too_small':
    case 'too_big':
      return one(`must be ${range(issue)}`)
    case 'invalid_union':
      return describeUnion(issue, schema, path)
    case 'invalid_format':
    case 'custom':
      return one(issue.message)
    default:
      return one('cannot be used')
  }
}

function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: z.ZodType,
  path: readonly PropertyKey[],
): readonly SettingsProblem[] {
  if ('options' in issue && Array.isArray(issue.options))
    return [
      {
        member: path.map(String).join('.'),
        message: `must be one of ${issue.options.map(String).join(', ')}`,
      },
    ]
  // The form whose own parts are wrong is the one that was meant.
  const meant =
    issue.errors.find((errors) => errors.some((inner) => inner.path.length > 0)) ?? issue.errors[0] ?? []
  return meant.flatMap((inner) => describeIssue(inner, schema, [...path, ...inner.path]))
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'settings of its own, NAME: value',
  record: 'settings of its own, NAME: value',
  int: 'a whole number',
  number: 'a number',
}

function expected(issue: Extract<Issue, { code: 'invalid_type' }>, schema: z.ZodType): string {
  const kinds = kindsAt(schema, issue.path)
  if (kinds.length > 0)
    return `${String(issue.path[0])}.kind, one of ${kinds.join(', ')}, and what belongs to it`
  // Rules with words of their own say what the value is not, or what it must be.
  const own = issue.message.startsWith('Invalid input')
    ? null
    : issue.message.replace(/^(?:must be|is not) /, '')
  return own ?? EXPECTED[issue.expected] ?? issue.expected
}

/** The kinds of which one has to be chosen there, as of sign-ins. */
function kindsAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [name, further] = path
  if (!(schema instanceof z.ZodObject) || further !== undefined) return []
  const member: unknown = (schema.shape as Readonly<Record<PropertyKey, unknown>>)[name ?? '']
  if (!(member instanceof z.ZodDiscriminatedUnion)) return []
  return member.options.flatMap((option) => {
    const kind: unknown = option instanceof z.ZodObject ? option.shape['kind'] : undefined
    return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : []
  })
}

function range(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum)
  if (issue.origin === 'string' && limit === '1') return 'text that is not blank'
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''
  if (issue.code === 'too_big') return `${limit}${unit} at most`
  return issue.inclusive === false ? `more than ${limit}${unit}` : `${limit}${unit} at least`
}

/** The settings that there are, where they are few enough to be told: those of the system itself. */
function known(schema: z.ZodType, path: readonly PropertyKey[]): string {
  return path.length === 0 && schema instanceof z.ZodObject
    ? `There are: ${Object.keys(schema.shape).join(', ')}.`
    : 'docs/connections.md names those that there are.'
}

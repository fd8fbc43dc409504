/** Members whose text is not for a log, whoever brings them. */
const SECRET_NAME =
  /secret|password|passphrase|credential|token|private|certificate|authorization|webhook|connectionstring|^key$|apikey/i
/** `https://user:password@host` */
const USER_INFORMATION = /(\w:\/\/[^\s/?#:@]*:)[^\s/?#@]*@/g

const HIDDEN = '[hidden]'
const LONGEST_TEXT = 1_000
const MOST_ITEMS = 100
const DEEPEST = 12

/**
 * Arguments whose members are not known here: whoever mistakes a place may put a secret anywhere. What they have changed is told by
 * before and after. An address may be a secret as a whole (of a webhook).
 */
const FREE_FORM =
  /^(?:settings|localSettings|integrationSettings|localSystem|integrationSystem|connections|url)$/

/** Arguments of a mutation, fit to be kept. */
export function argumentsWithoutSecrets(given: unknown): unknown {
  return withoutSecrets(given, (name) => FREE_FORM.test(name))
}

/** JSON of what was given, fit to be kept: without secrets, long lists and texts in short. */
export function withoutSecrets(
  value: unknown,
  isHidden: (name: string) => boolean = () => false,
  depth = 0,
): unknown {
  if (typeof value === 'string') return textWithoutSecrets(value)
  if (value === undefined) return null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toJSON()
  if (depth >= DEEPEST) return '...'
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    const kept = items.slice(0, MOST_ITEMS).map((item) => withoutSecrets(item, isHidden, depth + 1))
    return items.length > MOST_ITEMS ? [...kept, `... ${items.length - MOST_ITEMS} more`] : kept
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member !== null && (isHidden(name) || (SECRET_NAME.test(name) && isText(member)))
        ? HIDDEN
        : withoutSecrets(member, isHidden, depth + 1),
    ]),
  )
}

/** A text as it is kept: without passwords in addresses, and not too long. */
export function textWithoutSecrets(text: string): string {
  return shortened(text.replaceAll(USER_INFORMATION, `$1${HIDDEN}@`))
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value)
}

function shortened(text: string): string {
  const whole = text.toWellFormed()
  return whole.length > LONGEST_TEXT
    ? `${whole.slice(0, LONGEST_TEXT).toWellFormed()}... (${text.length} characters)`
    : whole
}

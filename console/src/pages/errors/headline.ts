/** Longer ones are mostly those of a service, full of ids, with the point at their end. */
const LONGEST_HEADLINE = 120

/** What a root cause is called: its message, or what stands behind it where the message is too long to be read at a glance. */
export function headlineOf({ message, cause }: { readonly message: string; readonly cause: string }): string {
  return message.length > LONGEST_HEADLINE && cause !== '' ? cause : message
}

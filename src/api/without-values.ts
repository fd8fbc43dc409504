import type { GraphQLError } from './graphql.js'

/** Operations whose arguments hold secrets. */
const WITH_SECRETS =
  /\b(?:createConnection|updateConnection|applyConnections|createAlertChannel|updateAlertChannel)\b/

/**
 * What GraphQL itself says of a document or its variables repeats the values. Of operations whose arguments hold secrets it is said
 * without them.
 */
export function withoutValues(error: GraphQLError): string {
  const { message } = error
  const document = error.source?.body ?? error.nodes?.[0]?.loc?.source.body ?? ''
  if (!WITH_SECRETS.test(document)) return message
  const [, variable] = /^Variable "\$(\w+)" got invalid value/.exec(message) ?? []
  if (variable !== undefined) {
    const place = [...message.matchAll(/ at "([\w.[\]]*)"; /g)].at(-1)?.[1] ?? variable
    return `Variable "$${variable}" is not what its type says, at "${place}". Its value is not repeated, as it may hold a secret.`
  }
  return message.replace(/(, found|value:|Value) .*$/s, '$1 what is not repeated, as it may hold a secret.')
}

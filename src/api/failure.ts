/** The body of a refusal before GraphQL: in the shape of GraphQL, so that clients need to know one only. */
export function failure(
  code: string,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): object {
  return { errors: [{ message, extensions: { ...extensions, code } }] }
}

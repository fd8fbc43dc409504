/** The provider of sign-in does not answer, so that it cannot be told who somebody is: whatever he shows may be right. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError'
  readonly statusCode = 503
}

import { hash, randomBytes } from 'node:crypto'

/** Every access token begins so, which tells it apart from a token of a provider, and helps who looks for leaked ones. */
export const TOKEN_MARK = 'accord_'

/** 256 bits that nobody can guess, as text for headers and addresses. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What is stored of a secret. It is looked up by this: how long that takes tells nothing of a secret, since who tries has no way to choose
 * the beginning of a hash; and 256 random bits need no slow one.
 */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex')
}

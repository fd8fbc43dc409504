/** The path below which Accord is reached, with a slash at its end: the server writes it into the page. */
export const BASE = new URL(document.baseURI).pathname

/** An address of Accord's own, such as `graphql`, below whatever path it is reached at. */
export function addressOf(path: string): string {
  return new URL(path, document.baseURI).href
}

/** How people sign in here: through a provider of sign-in, or only by a link that the machine itself shows. */
export const signsInByProvider =
  document.querySelector('meta[name="accord-sign-in"]')?.getAttribute('content') === 'PROVIDER'

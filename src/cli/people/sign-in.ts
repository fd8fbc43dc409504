import type { Config } from '../../config.js'
import { callApi, findApi, type ApiAddress } from '../api-client.js'
import { printLine } from '../output.js'

/** A link that signs a browser on this machine in, once, within ten minutes. @throws ExpectedError */
export async function createSignInLink(api: ApiAddress): Promise<string> {
  const { createSignInLink: link } = await callApi<{ createSignInLink: { readonly path: string } }>(
    api,
    'mutation SignIn { createSignInLink { path } }',
  )
  return new URL(link.path, api.url).href
}

/** @throws ExpectedError */
export async function runSignIn(config: Config): Promise<void> {
  printLine(await createSignInLink(await findApi(config)))
}

import { DEMO_CONNECTION } from '../persistence/demo.js'
import { callApi, type ApiAddress } from './api-client.js'

interface ConnectionRow {
  readonly name: string
  readonly disabledAt: string | null
  readonly localSystem: { readonly settings: Readonly<Record<string, unknown>> }
}

/**
 * What to do about a demo of earlier starts, whose sandboxes do not run any more; null where there is none, it is disabled, or people have put
 * systems of their own in its place.
 * @throws ExpectedError when the API does not answer
 */
export async function demoLeft(api: ApiAddress): Promise<string | null> {
  const { connections } = await callApi<{ connections: readonly ConnectionRow[] }>(
    api,
    'query DemoLeft { connections { name disabledAt localSystem { settings } } }',
  )
  const demo = connections.find(({ disabledAt, name }) => name === DEMO_CONNECTION && disabledAt === null)
  const url = demo?.localSystem.settings['url']
  if (typeof url !== 'string' || !/^http:\/\/127\.0\.0\.1[:/]/.test(url)) return null
  return (
    `The connection ${DEMO_CONNECTION} of an earlier start is still enabled, and ACCORD_DEMO=off starts no sandboxes for it: its runs fail. ` +
    `Disable it: npx accord connections disable ${DEMO_CONNECTION}`
  )
}

import { SECRET_MEMBERS } from './service-settings.js'

/** The same settings with every secret put through `resolve`, which gives the secret behind what is stored. */
export function withSecrets(
  settings: Readonly<Record<string, unknown>>,
  resolve: (stored: string) => string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      SECRET_MEMBERS.has(name) && typeof value === 'string' ? resolve(value) : inside(value, resolve),
    ]),
  )
}

function inside(value: unknown, resolve: (stored: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => inside(item, resolve))
  return typeof value === 'object' && value !== null
    ? withSecrets(value as Readonly<Record<string, unknown>>, resolve)
    : value
}

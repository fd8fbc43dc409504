/** What people call the two systems of a mapping's connection, as the API tells it. */
export interface CaptionedMapping {
  readonly connection: {
    readonly name: string
    readonly localSystem: { readonly caption: string }
    readonly integrationSystem: { readonly caption: string }
  }
}

export const CAPTIONED_MAPPING =
  'mapping { connection { name localSystem { caption } integrationSystem { caption } } }'

/** The names of both systems; two of one kind are told apart by their side. */
export function systemNames({ connection }: CaptionedMapping): {
  readonly local: string
  readonly integration: string
} {
  const local = connection.localSystem.caption
  const integration = connection.integrationSystem.caption
  return local === integration
    ? { local: `${local} (local)`, integration: `${integration} (integration)` }
    : { local, integration }
}

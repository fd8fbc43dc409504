/** A mapping with its connection: two connections may have one of the same name. */
export interface ChoosableMapping {
  readonly id: string
  readonly name: string
  readonly connection: { readonly name: string }
}

/** What a list can be narrowed down to: a mapping, or all of a connection; null: whatever there is. */
export interface MappingChoice {
  readonly value: string
  readonly text: string
  readonly mapping: string | null
  readonly connection: string | null
}

export interface MappingWords {
  readonly all: string
  ofConnection(connection: string): string
}

/**
 * What can be chosen, everything first, and which of it is chosen by `mapping` and `connection` of an address. What the address names is
 * among them, whether there is such a mapping or not.
 */
export function mappingChoices(
  mappings: readonly ChoosableMapping[],
  { mapping, connection }: Pick<MappingChoice, 'mapping' | 'connection'>,
  words: MappingWords,
): { readonly choices: readonly MappingChoice[]; readonly chosen: string } {
  const connections = [...new Set(mappings.map((one) => one.connection.name))]
  const several = connections.length > 1
  const offered: readonly MappingChoice[] = [
    { value: '/', text: words.all, mapping: null, connection: null },
    ...(several ? connections : []).map((name) => ({
      value: `${name}/`,
      text: words.ofConnection(name),
      mapping: null,
      connection: name,
    })),
    ...mappings.map(({ name, connection: { name: of } }) => ({
      value: `${of}/${name}`,
      text: several ? `${name} (${of})` : name,
      mapping: name,
      connection: of,
    })),
  ]
  const named = offered.filter((one) => mapping !== null && one.mapping === mapping)
  const [only, ...others] = named
  const chosen =
    connection === null && only !== undefined && others.length === 0
      ? only
      : offered.find((one) => one.mapping === mapping && one.connection === connection)
  if (chosen !== undefined) return { choices: offered, chosen: chosen.value }
  const value = `${connection ?? ''}/${mapping ?? ''}`
  const text =
    mapping === null
      ? words.ofConnection(connection ?? '')
      : connection === null
        ? mapping
        : `${mapping} (${connection})`
  return { choices: [...offered, { value, text, mapping, connection }], chosen: value }
}

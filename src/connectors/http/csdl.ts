/** A service's `$metadata`, as far as tables are read from it. Names are without their namespace. */
export interface ServiceMetadata {
  /** Entity type by entity set. */
  readonly sets: ReadonlyMap<string, string>
  /** Entity set by navigation property, by entity set: where a navigation leads when several sets hold its type. */
  readonly bindings: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly types: ReadonlyMap<string, EntityType>
  /** Members by enumeration. */
  readonly enumerations: ReadonlyMap<string, readonly string[]>
  /** Enumerations of which a value may be several members at once. */
  readonly flags: ReadonlySet<string>
}

/** With everything that its base type declares. */
export interface EntityType {
  readonly keys: readonly string[]
  readonly properties: readonly Property[]
  readonly navigations: readonly Navigation[]
}

export interface Property {
  readonly name: string
  /** `Edm.String`, or the name of an enumeration or of a complex type. */
  readonly type: string
  readonly isCollection: boolean
  readonly maxLength: number | null
  readonly scale: number | null
  readonly nullable: boolean
  /** The service says that it fills the property in itself. */
  readonly computed: boolean
}

/** Leads from an entity to one other (`isCollection` false) or to several. */
export interface Navigation {
  readonly name: string
  readonly type: string
  readonly isCollection: boolean
  /** Properties that hold the other's key, where the service says so. */
  readonly by: readonly string[]
}

interface Tag {
  readonly name: string
  readonly closes: boolean
  readonly empty: boolean
  readonly attributes: Readonly<Record<string, string>>
}

interface OpenType {
  readonly base: string
  readonly keys: string[]
  readonly properties: (Property & { computed: boolean })[]
  readonly navigations: { name: string; type: string; isCollection: boolean; by: string[] }[]
}

const COMPUTED = 'Org.OData.Core.V1.Computed'
const TAG = /<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** Reads CSDL; what is not about entity sets, their types and enumerations is passed over. Throws SyntaxError on other text. */
export function readMetadata(text: string): ServiceMetadata {
  const sets = new Map<string, string>()
  const types = new Map<string, OpenType>()
  const enumerations = new Map<string, string[]>()
  const flags = new Set<string>()
  const bindings = new Map<string, Map<string, string>>()
  let bound: Map<string, string> | null = null
  let type: OpenType | null = null
  let members: string[] | null = null
  let known = false
  for (const { name, closes, empty, attributes } of tagsOf(text)) {
    const own = attributes['Name'] ?? ''
    if (name === 'Edmx') known = true
    if (closes) {
      if (name === 'EntityType') type = null
      if (name === 'EnumType') members = null
    } else if (name === 'EntitySet') {
      sets.set(own, lastName(attributes['EntityType'] ?? ''))
      bound = new Map<string, string>()
      bindings.set(own, bound)
    } else if (name === 'NavigationPropertyBinding') {
      bound?.set(attributes['Path'] ?? '', afterSlash(attributes['Target'] ?? ''))
    } else if (name === 'EnumType') {
      const opened: string[] = []
      enumerations.set(own, opened)
      members = empty ? null : opened
      if (attributes['IsFlags'] === 'true') flags.add(own)
    } else if (name === 'Member') {
      members?.push(own)
    } else if (name === 'EntityType') {
      const base = lastName(attributes['BaseType'] ?? '')
      const opened: OpenType = { base, keys: [], properties: [], navigations: [] }
      types.set(own, opened)
      type = empty ? null : opened
    } else if (type !== null) {
      readPart(type, name, attributes)
    }
  }
  if (!known) throw new SyntaxError('it is no description of an OData service')
  const whole = new Map([...types.keys()].map((own) => [own, wholeType(types, own, new Set())]))
  return { sets, bindings, types: whole, enumerations, flags }
}

/** A type with what it inherits; a type that is its own ancestor inherits nothing further. */
function wholeType(types: ReadonlyMap<string, OpenType>, name: string, seen: Set<string>): EntityType {
  const own = types.get(name)
  if (own === undefined || seen.has(name)) return { keys: [], properties: [], navigations: [] }
  const base = wholeType(types, own.base, seen.add(name))
  return {
    keys: own.keys.length > 0 ? own.keys : base.keys,
    properties: [...base.properties, ...own.properties],
    navigations: [...base.navigations, ...own.navigations],
  }
}

function readPart(type: OpenType, tag: string, attributes: Tag['attributes']): void {
  const name = attributes['Name'] ?? ''
  const declared = attributes['Type'] ?? 'Edm.String'
  const isCollection = declared.startsWith('Collection(')
  const element = isCollection ? declared.slice('Collection('.length, -1) : declared
  switch (tag) {
    case 'PropertyRef':
      type.keys.push(name)
      break
    case 'Property':
      type.properties.push({
        name,
        type: element.startsWith('Edm.') ? element : lastName(element),
        isCollection,
        maxLength: numberOf(attributes['MaxLength']),
        scale: numberOf(attributes['Scale']),
        nullable: attributes['Nullable'] !== 'false',
        computed: false,
      })
      break
    case 'NavigationProperty':
      type.navigations.push({ name, type: lastName(element), isCollection, by: [] })
      break
    case 'Annotation': {
      const last = type.properties.at(-1)
      const isComputed = attributes['Term'] === COMPUTED && attributes['Bool'] !== 'false'
      if (isComputed && last !== undefined) last.computed = true
      break
    }
    case 'ReferentialConstraint':
      type.navigations.at(-1)?.by.push(attributes['Property'] ?? '')
      break
  }
}

function tagsOf(text: string): readonly Tag[] {
  const plain = text.replace(/<!--[\s\S]*?-->/g, '')
  return Array.from(plain.matchAll(TAG), ([, closes = '', name = '', attributes = '', empty = '']) => ({
    name: lastName(name.replace(':', '.')),
    closes: closes !== '',
    empty: empty !== '',
    attributes: Object.fromEntries(
      Array.from(attributes.matchAll(ATTRIBUTE), ([, attribute = '', double, single]) => [
        attribute,
        decode(double ?? single ?? ''),
      ]),
    ),
  }))
}

function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (digits !== undefined) return String.fromCodePoint(Number(digits))
      return ENTITIES[name ?? ''] ?? whole
    },
  )
}

/** A target may name its container. */
function afterSlash(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1)
}

function lastName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1)
}

/** `max` and `variable` say nothing. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

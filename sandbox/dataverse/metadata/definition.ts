import { stableId } from '../stable-id.js'

/** JSON as definitions hold it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain }
export type Properties = Readonly<Record<string, Plain>>

/** The definition of a table, a column, an option set or a relationship. */
export interface Definition {
  /** Name of its type without the namespace: `StringAttributeMetadata`. */
  readonly type: string
  readonly properties: Properties
  /** Names of the properties that its base type has already; all of them where nobody asks by the base type. */
  readonly common?: readonly string[]
  /** What `$expand` may ask for, by navigation property. */
  readonly navigations: Readonly<Record<string, Definition | null | readonly Definition[]>>
}

/** English; the only language of this organisation. */
const LANGUAGE = 1033

/** A text that people see. `place` tells it from all others. */
export function labelOf(text: string, place: string): Plain {
  const label = {
    Label: text,
    LanguageCode: LANGUAGE,
    IsManaged: true,
    MetadataId: stableId(`label ${place}`),
    HasChanged: null,
  }
  return { LocalizedLabels: [label], UserLocalizedLabel: label }
}

export const NO_LABEL: Plain = { LocalizedLabels: [], UserLocalizedLabel: null }

/** A setting that a customizer may or may not change. */
export function managed(value: boolean | string, name: string, canBeChanged = true): Plain {
  return { Value: value, CanBeChanged: canBeChanged, ManagedPropertyLogicalName: name }
}

/** A number of a JSON text, kept as it was written so that no digit is lost. */
export class JsonNumber {
  constructor(readonly source: string) {}
}

export type Json = null | boolean | string | JsonNumber | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown

const keepNumbers: Reviver = (_name, value, context) =>
  typeof value === 'number' ? new JsonNumber(context.source ?? String(value)) : value

/** Parses JSON without rounding numbers. Throws SyntaxError. */
export function parseJson(text: string): Json {
  // The reviver's third parameter (the source text of a primitive) is newer than the library's types.
  return JSON.parse(text, keepNumbers as (this: unknown, name: string, value: unknown) => unknown) as Json
}

export function isObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  )
}

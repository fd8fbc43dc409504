/** One transformation rule of a field mapping; JSON-safe. */
export interface TransformationRule {
  readonly type: string
}

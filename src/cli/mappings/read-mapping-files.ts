import { readFile } from 'node:fs/promises'
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { UsageError } from '../exit-codes.js'

/** A mapping of a file, with a way from a setting's path to its place in the file. */
export interface MappingOfFile {
  readonly document: unknown
  /** `FILE:LINE:COLUMN` of what is at that path, or of the nearest thing around it. */
  placeOf(path: string): string
}

/**
 * Reads mappings, or other documents, from YAML files; a file may hold several, apart by `---`.
 * @throws UsageError with every place that is not YAML, and for files that cannot be read or are empty
 */
export async function readMappingFiles(
  files: readonly string[],
  what = 'mapping',
): Promise<readonly MappingOfFile[]> {
  const problems: string[] = []
  const found: MappingOfFile[] = []
  for (const file of files) {
    const text = await readText(file, problems)
    if (text === null) continue
    const lines = new LineCounter()
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
    const place = (offset: number): string => {
      const { line, col } = lines.linePos(offset)
      return `${file}:${line}:${col}`
    }
    const filled = (Array.isArray(documents) ? documents : []).filter(
      (document) => document.contents !== null || document.errors.length > 0,
    )
    if (filled.length === 0) problems.push(`${file}: There is no ${what} in it.`)
    for (const document of filled) {
      const broken = [...document.errors, ...document.warnings]
      if (broken.length > 0)
        problems.push(...broken.map((error) => `${place(error.pos[0])}: ${error.message}`))
      else read(document, what, place, problems, found)
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return found
}

async function readText(file: string, problems: string[]): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    problems.push(`${file}: It cannot be read (${(error as Error).message}).`)
    return null
  }
}

function read(
  document: Document.Parsed,
  what: string,
  place: (offset: number) => string,
  problems: string[],
  found: MappingOfFile[],
): void {
  const root = document.contents
  if (!isMap(root)) {
    problems.push(`${place(root?.range?.[0] ?? 0)}: Expected the settings of a ${what}, name: value.`)
    return
  }
  try {
    found.push({
      document: document.toJS() as unknown,
      placeOf: (path) => place(offsetOf(root, path)),
    })
  } catch (error) {
    // An alias without its anchor, or far too many of them.
    problems.push(`${place(root.range?.[0] ?? 0)}: ${(error as Error).message}`)
  }
}

/** Where the node at a path begins, or the deepest one that is there. Keys may themselves hold dots and brackets. */
function offsetOf(root: Node, path: string): number {
  let node: Node = root
  let offset = root.range?.[0] ?? 0
  let rest = path
  while (rest !== '') {
    const step = stepInto(node, rest)
    if (step === null) return offset
    offset = step.offset
    rest = rest.slice(step.length).replace(/^\./, '')
    if (step.node === null) return offset
    node = step.node
  }
  return offset
}

interface Step {
  /** Null: a key without a value. */
  readonly node: Node | null
  readonly offset: number
  /** Characters of the path that it took. */
  readonly length: number
}

function stepInto(node: Node, path: string): Step | null {
  if (isSeq(node)) {
    const [whole, index] = /^\[(\d+)\]/.exec(path) ?? []
    const item = node.items[Number(index)] as Node | undefined
    if (whole === undefined || item === undefined) return null
    return { node: item, offset: item.range?.[0] ?? 0, length: whole.length }
  }
  if (!isMap(node)) return null
  const fitting = node.items
    .flatMap((pair) => (isScalar(pair.key) ? [{ key: pair.key, value: pair.value as Node | null }] : []))
    .filter(({ key }) => {
      const name = String(key.value)
      return path.startsWith(name) && /^(?:$|[.[])/.test(path.slice(name.length))
    })
    .toSorted((one, other) => String(other.key.value).length - String(one.key.value).length)
  const [best] = fitting
  if (best === undefined) return null
  return { node: best.value, offset: best.key.range?.[0] ?? 0, length: String(best.key.value).length }
}

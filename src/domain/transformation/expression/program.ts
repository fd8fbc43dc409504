import { assertNever } from '../../value.js'
import type { CharacterTest } from './character.js'
import { parseExpression, type Edge, type ExpressionNode } from './parse.js'
import { ExpressionProblem } from './reader.js'

/** One step of matching. Targets are indexes of instructions; what names none goes on with the next one. */
export type Instruction =
  | { readonly code: 'character'; readonly test: CharacterTest }
  | { readonly code: 'edge'; readonly edge: Edge }
  /** Tries `first`; should that fail later on, `second`. */
  | { code: 'split'; first: number; second: number }
  | { code: 'jump'; target: number }
  | { readonly code: 'open' | 'close'; readonly group: number }
  /** Looks ahead from here, or, with a width, from that many characters back. */
  | { readonly code: 'look'; readonly program: Program; readonly negated: boolean; readonly width: number }
  | { readonly code: 'match' }

export type Program = readonly Instruction[]

/** A regular expression made ready. Groups have numbers from 1, by which `groups` names them at one less. */
export interface Expression {
  readonly program: Program
  readonly groups: readonly string[]
}

/** Repetitions are written out, so nested ones multiply: `(a{100}){100}` has 10,000 steps. */
const LONGEST_PROGRAM = 5_000

/** Throws `ExpressionProblem`. */
export function compileExpression(pattern: string): Expression {
  const { root, groups } = parseExpression(pattern)
  return { program: new Compiler(groups).compile(root), groups }
}

class Compiler {
  private visits = 0

  constructor(private readonly groups: readonly string[]) {}

  compile(root: ExpressionNode): Program {
    const program: Instruction[] = []
    this.emit(root, program)
    program.push({ code: 'match' })
    return program
  }

  private emit(node: ExpressionNode, program: Instruction[]): void {
    // Counts nodes, not instructions: what repeats nothing makes none, and would be written out without end.
    this.visits += 1
    if (this.visits > LONGEST_PROGRAM)
      throw new ExpressionProblem('repeats too much inside of what is repeated; write smaller numbers in { }')
    switch (node.kind) {
      case 'character':
        program.push({ code: 'character', test: node.test })
        return
      case 'edge':
        program.push({ code: 'edge', edge: node.edge })
        return
      case 'sequence':
        for (const item of node.items) this.emit(item, program)
        return
      case 'alternatives':
        this.emitAlternatives(node.options, program)
        return
      case 'group': {
        const group = this.groups.indexOf(node.key) + 1
        program.push({ code: 'open', group })
        this.emit(node.item, program)
        program.push({ code: 'close', group })
        return
      }
      case 'repeat':
        this.emitRepeat(node, program)
        return
      case 'look': {
        const width = node.behind ? widthOf(node.item) : 0
        if (width === null)
          throw new ExpressionProblem('looks behind for text whose length varies; give it one length')
        program.push({ code: 'look', program: this.compile(node.item), negated: node.negated, width })
        return
      }
      default:
        assertNever(node)
    }
  }

  private emitAlternatives(options: readonly ExpressionNode[], program: Instruction[]): void {
    const ends: { code: 'jump'; target: number }[] = []
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.emit(option, program)
        continue
      }
      const split = { code: 'split' as const, first: program.length + 1, second: 0 }
      program.push(split)
      this.emit(option, program)
      const end = { code: 'jump' as const, target: 0 }
      ends.push(end)
      program.push(end)
      split.second = program.length
    }
    for (const end of ends) end.target = program.length
  }

  private emitRepeat(node: Extract<ExpressionNode, { kind: 'repeat' }>, program: Instruction[]): void {
    for (let count = 0; count < node.least; count += 1) this.emit(node.item, program)
    if (node.most === null) {
      const start = program.length
      const leave = this.emitSplit(node.lazy, program)
      this.emit(node.item, program)
      program.push({ code: 'jump', target: start })
      leave(program.length)
      return
    }
    const leaves: ((target: number) => void)[] = []
    for (let count = node.least; count < node.most; count += 1) {
      leaves.push(this.emitSplit(node.lazy, program))
      this.emit(node.item, program)
    }
    for (const leave of leaves) leave(program.length)
  }

  /** Once more, or leave: a greedy repetition tries the first before the second. Returns what sets where to leave to. */
  private emitSplit(lazy: boolean, program: Instruction[]): (target: number) => void {
    const again = program.length + 1
    const split = { code: 'split' as const, first: again, second: again }
    program.push(split)
    return (target) => {
      if (lazy) split.first = target
      else split.second = target
    }
  }
}

/** How many characters the node matches; null where that varies. */
function widthOf(node: ExpressionNode): number | null {
  switch (node.kind) {
    case 'character':
      return 1
    case 'edge':
    case 'look':
      return 0
    case 'group':
      return widthOf(node.item)
    case 'sequence':
      return node.items
        .map(widthOf)
        .reduce((sum, width) => (sum === null || width === null ? null : sum + width), 0)
    case 'alternatives': {
      const [first = null, ...others] = node.options.map(widthOf)
      return others.every((width) => width === first) ? first : null
    }
    case 'repeat': {
      const width = widthOf(node.item)
      return width === null || node.most !== node.least ? null : width * node.least
    }
    default:
      return assertNever(node)
  }
}

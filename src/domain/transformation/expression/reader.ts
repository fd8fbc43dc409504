/** What is wrong with an expression or a replacement, in words that complete "The expression …" or "The replacement …". */
export class ExpressionProblem extends Error {}

/** Reads a pattern character by character. */
export class Reader {
  private readonly characters: readonly string[]
  private position = 0

  constructor(pattern: string) {
    this.characters = Array.from(pattern)
  }

  peek(): string | undefined {
    return this.characters[this.position]
  }

  /** The next character; empty at the end. */
  next(): string {
    const character = this.characters[this.position] ?? ''
    this.position += 1
    return character
  }

  /** Goes past the character where it is the next one. */
  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false
    this.position += 1
    return true
  }

  skip(count: number): void {
    this.position += count
  }

  /** The next characters, without going past them. */
  rest(length: number): string {
    return this.characters.slice(this.position, this.position + length).join('')
  }
}

const EVERY = 15

/**
 * Waits until a condition holds, by asking again and again. Throws after `longest` milliseconds, naming what was waited for.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  longest = 50_000,
): Promise<void> {
  const end = Date.now() + longest
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${longest} ms in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, EVERY))
  }
}

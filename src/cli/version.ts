import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../embedded/package-root.js'

/** Accord's version, as package.json has it. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}

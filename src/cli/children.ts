import { join } from 'node:path'
import type { ResolvedConfig } from '../config.js'
import { packageRoot } from '../embedded/package-root.js'
import { openLogFile } from './log-files.js'
import type { ChildDefinition } from './supervised-child.js'

/** The compiled files: `accord up` starts its children from there. */
const compiled = (...path: readonly string[]): string => join(packageRoot(), 'dist', ...path)

/** The settings of a child as its environment. */
export function environmentOf(config: ResolvedConfig): Record<string, string> {
  return {
    // Without it libraries check what only their developers need to be told.
    NODE_ENV: 'production',
    ACCORD_DATA: config.dataDirectory,
    ACCORD_DATABASE_URL: config.databaseUrl,
    TEMPORAL_ADDRESS: config.temporal.address,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    ACCORD_TASK_QUEUE: config.temporal.taskQueue,
    ACCORD_TEMPORAL_UI_URL: config.temporal.uiUrl ?? '',
    ACCORD_API_TOKEN: config.api.token,
  }
}

export async function workerChild(config: ResolvedConfig): Promise<ChildDefinition> {
  return {
    title: 'The worker',
    script: compiled('src', 'main.js'),
    arguments: ['worker'],
    environment: environmentOf(config),
    logFile: await openLogFile(config.dataDirectory, 'worker'),
    readySeconds: 90,
    stopSeconds: 30,
  }
}

export async function apiChild(config: ResolvedConfig): Promise<ChildDefinition> {
  return {
    title: 'The API',
    script: compiled('src', 'main.js'),
    arguments: ['serve'],
    environment: environmentOf(config),
    logFile: await openLogFile(config.dataDirectory, 'api'),
    readySeconds: 60,
    stopSeconds: 15,
  }
}

import { relative, sep } from 'node:path'
import { join } from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const PACKAGES = [
  '@temporalio/common',
  '@temporalio/workflow',
  '@temporalio/worker',
  'decimal.js',
  'long',
  'ms',
  'nexus-rpc',
]

interface Compilation {
  readonly modules: Iterable<{ readonly resource?: string }>
}
interface Compiler {
  readonly hooks: {
    readonly done: { tap(name: string, look: (stats: { readonly compilation: Compilation }) => void): void }
  }
}

/** Every file that the bundle of the workflows is made of, relative to the project. */
async function filesOfBundle(): Promise<readonly string[]> {
  const files: string[] = []
  await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'src', 'workflows', 'index.ts'),
    workflowInterceptorModules: [join(ROOT, 'src', 'workflows', 'carry-trace.ts')],
    logger: quiet,
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        {
          apply(compiler: Compiler) {
            compiler.hooks.done.tap('files', ({ compilation }) => {
              for (const { resource } of compilation.modules)
                if (resource) files.push(relative(ROOT, resource))
            })
          },
        },
      ] as NonNullable<typeof config.plugins>,
    }),
  })
  return files
}

const silence = () => undefined
const quiet = { trace: silence, debug: silence, info: silence, warn: silence, error: silence, log: silence }

test('workflows load the domain, each other and a few packages: nothing with an effect, no clock, no database', async () => {
  const files = await filesOfBundle()
  const own = files.filter((file) => !file.includes(`node_modules${sep}`))
  expect(own.length).toBeGreaterThan(5)
  expect(own.filter((file) => !/^src\/(?:workflows|domain)\//.test(file.replaceAll(sep, '/')))).toEqual([])
  const packages = files
    .filter((file) => file.includes(`node_modules${sep}`))
    .map((file) => file.replaceAll(sep, '/').split('node_modules/').at(-1) ?? '')
    .filter((file) => !PACKAGES.some((name) => file.startsWith(`${name}/`)))
  expect(packages).toEqual([])
})

/** The layering holds: read from the imports of every source file and the manifests of every workspace. */
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { dependencyBreaches, layeringBreaches, packageCycles } from './layering.ts';
import { importsOf, ROOT, readSources, readWorkspaces, type SourceFile, type Workspace } from './sourceFiles.ts';

const sources = readSources([
  'packages/**/*.ts',
  'services/**/*.ts',
  'apps/**/*.ts',
  'apps/dashboard/**/*.tsx',
  'apps/oms/bin/*.mjs',
  'simulation/**/*.ts',
]);
const workspaces = readWorkspaces();
const inSrc = sources.filter((file) => file.path.includes('/src/') && !file.path.includes('/src/contract/'));

const fileOf = (path: string, text: string): SourceFile => ({ path, text });
const workspaceOf = (name: string, directory: string, dependencies: readonly string[] = []): Workspace => ({
  name,
  directory,
  dependencies,
  devDependencies: [],
});

describe('layering', () => {
  it('holds in every source file', () => {
    expect(inSrc.length).toBeGreaterThan(50);
    expect(inSrc.flatMap(layeringBreaches)).toEqual([]);
  });

  it.each([
    ['the domain importing a package', 'packages/domain/src/a.ts', "import { x } from '@oms/ports';"],
    ['the domain importing Node', 'packages/domain/src/a.ts', "import { readFileSync } from 'node:fs';"],
    ['the runtime doing I/O', 'packages/actors/src/a.ts', "import { open } from 'node:fs/promises';"],
    ['the runtime knowing a service', 'packages/actors/src/a.ts', "import type { x } from '@oms/order-processor';"],
    ['an adapter knowing the runtime', 'packages/adapters/embedded/src/a.ts', "export { x } from '@oms/actors';"],
    ['a service knowing an adapter', 'services/order-api/src/a.ts', "import { x } from '@oms/adapter-embedded';"],
    ['a service loading an adapter later', 'services/order-api/src/a.ts', "await import('@oms/adapter-embedded');"],
    ['a service knowing another', 'services/order-api/src/a.ts', "import { x } from '@oms/risk-engine';"],
    ['a path into another package', 'packages/ports/src/a.ts', "import { x } from '../../domain/src/money.ts';"],
    ['a package without a place', 'packages/novelty/src/a.ts', ''],
  ])('catches %s', (_, path, text) => {
    expect(layeringBreaches(fileOf(path, text))).toHaveLength(1);
  });

  it.each([
    [
      'main.ts of a service composing itself',
      'services/order-api/src/main.ts',
      "import { x } from '@oms/adapter-embedded';",
    ],
    ['a panel importing the client', 'apps/dashboard/src/panels/a.tsx', "import { x } from '@oms/client';"],
    ['apps importing everything', 'apps/oms/src/a.ts', "import { x } from '@oms/adapter-embedded';"],
    ['an import that is only told about', 'packages/domain/src/a.ts', "// import { x } from '@oms/ports';"],
  ])('allows %s', (_, path, text) => {
    expect(layeringBreaches(fileOf(path, text))).toEqual([]);
  });
});

describe('packages', () => {
  it('do not import each other in circles', () => {
    expect(packageCycles(inSrc, workspaces)).toEqual([]);
  });

  it('are caught when they do', () => {
    const circle = [
      fileOf('packages/a/src/a.ts', "import { b } from '@oms/b';"),
      fileOf('packages/b/src/b.ts', "import { a } from '@oms/a';"),
    ];
    const both = [workspaceOf('@oms/a', 'packages/a'), workspaceOf('@oms/b', 'packages/b')];
    expect(packageCycles(circle, both)).toEqual([
      '@oms/a → @oms/b → @oms/a: move what both need to a package below them',
    ]);
  });

  const rootDependencies = Object.keys(manifest.devDependencies);

  it.each(workspaces.map((workspace) => [workspace.name, workspace] as const))(
    '%s names what it imports, and nothing else',
    (_, workspace) => {
      expect(dependencyBreaches(workspace, sources, rootDependencies)).toEqual([]);
    },
  );

  it('are caught with a dependency missing or left over', () => {
    const files = [fileOf('packages/a/src/a.ts', "import { b } from 'needed';")];
    expect(dependencyBreaches(workspaceOf('@oms/a', 'packages/a', ['unneeded']), files, [])).toEqual([
      'packages/a/src/a.ts imports needed: add it to packages/a/package.json',
      'packages/a/package.json depends on unneeded, which nothing imports: remove it',
    ]);
  });
});

describe('reading imports', () => {
  it('finds every form, over several lines', () => {
    const text =
      "import a from 'one';\nimport {\n  b,\n} from 'two';\nexport * from 'three';\nimport 'four';\nconst e = await import('five');\nimport type { F } from 'six';";
    expect(
      importsOf(fileOf('x.ts', text))
        .map(({ module }) => module)
        .sort(),
    ).toEqual(['five', 'four', 'one', 'six', 'three', 'two']);
  });

  it('knows where the project is', () => {
    expect(readSources(['package.json'])[0]?.text).toContain('crypto-oms');
    expect(ROOT).not.toContain('node_modules');
  });
});

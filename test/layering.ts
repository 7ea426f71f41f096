/**
 * The layering rules, as functions over files, so that each can be shown to fail. Arrows point one way: services →
 * actors → ports → domain; adapters → ports → domain; only apps and a service's main.ts know adapters.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { importsOf, packageNameOf, type SourceFile, type Workspace } from './sourceFiles.ts';

/** What each layer may import of ours. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['@oms/domain'],
  codec: ['@oms/domain', '@oms/ports'],
  actors: ['@oms/domain', '@oms/ports', '@oms/codec'],
  projections: ['@oms/domain', '@oms/ports', '@oms/codec'],
  'api-contract': ['@oms/domain'],
  client: ['@oms/api-contract', '@oms/domain'],
  testkit: ['@oms/actors', '@oms/codec', '@oms/domain', '@oms/ports'],
  // The page lives by the public API alone.
  dashboard: ['@oms/client', '@oms/domain'],
  adapter: ['@oms/codec', '@oms/domain', '@oms/ports', '@oms/projections'],
  service: ['@oms/actors', '@oms/api-contract', '@oms/codec', '@oms/domain', '@oms/ports', '@oms/projections'],
};

const isBuiltin = (module: string) => module.startsWith('node:') || builtinModules.includes(module);

/** The layer of a file under src; null for apps, which may import everything, and for what is not layered. */
function layerOf(file: string): string | null {
  const match = /^(packages\/adapters|packages|services|apps)\/([^/]+)\/src\//.exec(file);
  if (match === null) return null;
  if (match[1] === 'packages/adapters') return 'adapter';
  if (match[1] === 'services') return 'service';
  if (match[2] === 'dashboard') return 'dashboard';
  return match[1] === 'packages' ? match[2]! : null;
}

export function layeringBreaches(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  if (layer === null) return [];
  const allowed = ALLOWED[layer];
  if (allowed === undefined) {
    return [`${file.path}: package "${layer}" has no place in the layering yet: give it one in test/layering.ts`];
  }
  return importsOf(file).flatMap(({ module }) => {
    const name = packageNameOf(module);
    if (module.startsWith('.'))
      return leavesPackage(file.path, module)
        ? [`${file.path} reaches into another package by ${module}: import it by its name`]
        : [];
    if (layer === 'domain')
      return [`${file.path} imports ${module}: the domain is pure rules, give it what it needs as an input`];
    if (layer === 'actors' && isBuiltin(module))
      return [`${file.path} imports ${module}: the runtime does its I/O through packages/ports`];
    if (!name.startsWith('@oms/')) return [];
    if (allowed.includes(name)) return [];
    if (name.startsWith('@oms/adapter-') && /^services\/[^/]+\/src\/main\.ts$/.test(file.path)) return [];
    return [
      `${file.path} imports ${name}: a ${layer} file may import ${allowed.join(', ') || 'nothing'} of ours; let the composition (apps/*) bring the two together through a port`,
    ];
  });
}

function leavesPackage(file: string, module: string): boolean {
  const target = path.posix.join(path.posix.dirname(file), module);
  const source = /^(.*\/src)\//.exec(file)?.[1];
  return source !== undefined && !target.startsWith(`${source}/`) && target !== source;
}

/** Cycles between packages by their imports of each other, each as "a → b → a". */
export function packageCycles(files: readonly SourceFile[], workspaces: readonly Workspace[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const owner = workspaceOf(file.path, workspaces);
    if (owner === undefined) continue;
    for (const { module } of importsOf(file)) {
      const target = packageNameOf(module);
      if (!target.startsWith('@oms/') || target === owner.name) continue;
      edges.set(owner.name, (edges.get(owner.name) ?? new Set()).add(target));
    }
  }
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name);
    if (at >= 0) {
      cycles.push(`${[...trail.slice(at), name].join(' → ')}: move what both need to a package below them`);
      return;
    }
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) walk(next, [...trail, name]);
    done.add(name);
  };
  for (const name of edges.keys()) walk(name, []);
  return cycles;
}

export const workspaceOf = (file: string, workspaces: readonly Workspace[]): Workspace | undefined =>
  workspaces.find((workspace) => file.startsWith(`${workspace.directory}/`));

/** A manifest must name what the sources import, and nothing else; tests may also use devDependencies and the root's. */
export function dependencyBreaches(
  workspace: Workspace,
  files: readonly SourceFile[],
  rootDependencies: readonly string[],
): string[] {
  const own = files.filter((file) => file.path.startsWith(`${workspace.directory}/`));
  const used = new Set<string>();
  const breaches: string[] = [];
  for (const file of own) {
    const inside = file.path.slice(workspace.directory.length + 1);
    // Tests, contract suites, and what configures a tool: at work only where the sources are.
    const isTest = /^(test|e2e|src\/contract)\/|^[^/]+\.config\.ts$/.test(inside);
    for (const { module } of importsOf(file)) {
      if (module.startsWith('.') || isBuiltin(module)) continue;
      const name = packageNameOf(module);
      used.add(name);
      if (name === workspace.name || workspace.dependencies.includes(name)) continue;
      if (isTest && [...workspace.devDependencies, ...rootDependencies].includes(name)) continue;
      // Tests may use every package of ours: npm links them all at the root.
      if (isTest && name.startsWith('@oms/')) continue;
      breaches.push(`${file.path} imports ${name}: add it to ${workspace.directory}/package.json`);
    }
  }
  const text = own.map((file) => file.text).join('\n');
  for (const name of workspace.dependencies) {
    // A package may also be named to something that loads it (a log transport, for instance).
    if (!used.has(name) && !text.includes(`'${name}'`)) {
      breaches.push(`${workspace.directory}/package.json depends on ${name}, which nothing imports: remove it`);
    }
  }
  return breaches;
}

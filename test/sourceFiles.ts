/** The project's own files for the tests that read them: sources with their text, and workspaces with their manifests. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const IGNORED = ['node_modules', 'coverage', 'dist', 'data'];

export function readSources(patterns: readonly string[]): SourceFile[] {
  return globSync([...patterns], { cwd: ROOT, exclude: (name) => IGNORED.includes(path.basename(name)) })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

export interface Workspace {
  readonly name: string;
  /** From the root: "packages/domain". */
  readonly directory: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

export function readWorkspaces(): Workspace[] {
  const manifests = globSync(
    [
      'packages/*/package.json',
      'packages/adapters/*/package.json',
      'services/*/package.json',
      'apps/*/package.json',
      'simulation/package.json',
    ],
    { cwd: ROOT },
  );
  return manifests.sort().map((file) => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as {
      name: string;
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
    };
    return {
      name: manifest.name,
      directory: path.dirname(file).replaceAll('\\', '/'),
      dependencies: Object.keys(manifest.dependencies ?? {}),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
    };
  });
}

/** Source code with comments blanked out, so that prose about a banned word is no breach. Lines stay where they are. */
export function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ');
  // Strings and templates are matched first, so that "//" inside one is kept.
  return text.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (match) => (match.startsWith('/') ? blank(match) : match),
  );
}

/** Every module named in an import or export of the file, relative ones included. */
export function importsOf(file: SourceFile): { readonly module: string; readonly typeOnly: boolean }[] {
  const code = withoutComments(file.text);
  const found: { module: string; typeOnly: boolean }[] = [];
  for (const match of code.matchAll(/^\s*(import|export)(\s+type)?\b[^;'"]*?from\s*['"]([^'"]+)['"]/gm)) {
    found.push({ module: match[3]!, typeOnly: match[2] !== undefined });
  }
  for (const match of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm)) {
    found.push({ module: (match[1] ?? match[2])!, typeOnly: false });
  }
  return found;
}

/** "@oms/ports/contract/x" and "ws/lib" belong to "@oms/ports" and "ws". */
export const packageNameOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

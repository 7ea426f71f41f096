/** What we ship and of whom: no secret in a tracked file, a lockfile that pins content, no scripts at installation. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url);

/** What secrets look like. A rule is a pattern and a text that it must find, so that none can go blind. */
const SECRETS: readonly (readonly [name: string, pattern: RegExp, example: string])[] = [
  ['private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, `-----BEGIN EC ${'PRIVATE'} KEY-----`],
  [
    'JSON web token',
    /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
    `${'eyJ'}hbGciOiJFUzI1NiJ9.${'eyJ'}zdWIiOiJhIn0xxx.c2lnbmF0dXJl`,
  ],
  ['private JWK', /"d"\s*:\s*"[\w-]{40,}"/, `"d": "${'a'.repeat(43)}"`],
  ['AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, `AKIA${'ABCDEFGH'}12345678`],
  ['GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}\b/, `ghp_${'a'.repeat(36)}`],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/, `npm_${'a'.repeat(36)}`],
  ['Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/, `xoxb-${'1234567890'}`],
  [
    'address with a password',
    /\b[a-z][a-z0-9+]*:\/\/[^\s/:@'"`$<{]+:[^\s/:@'"`$<{]{3,}@/,
    `postgres://user:${'hunter2'}@db`,
  ],
  [
    'named secret',
    /(?:client_?secret|password|api_?key|access_?key)["']?\s*[:=]\s*["'][A-Za-z0-9+/_-]{20,}["']/i,
    `clientSecret: '${'x1'.repeat(12)}'`,
  ],
];

/** Finds that are none: file and why. */
const NO_SECRETS: ReadonlyMap<string, string> = new Map([['test/supplyChain.test.ts', 'the examples of the rules']]);

const trackedFiles = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && !/\.(?:png|gz|sqlite|ico|woff2?)$/.test(file));

const secretsIn = (text: string): string[] => SECRETS.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);

describe('secrets', () => {
  it.each(SECRETS)('the rule for a %s finds one', (name, _pattern, example) => {
    expect(secretsIn(example)).toContain(name);
  });

  it('are in no tracked file', () => {
    const files = trackedFiles();
    expect(files.length).toBeGreaterThan(200);
    const found = files.flatMap((file) => {
      if (NO_SECRETS.has(file)) return [];
      let text: string;
      try {
        text = readFileSync(new URL(file, ROOT), 'utf8');
      } catch {
        // Listed, but deleted since.
        return [];
      }
      return secretsIn(text).map((name) => `${file}: ${name}`);
    });
    expect(found).toEqual([]);
  });
});

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
}

/** Packages whose scripts may run at installation, and why. */
const MAY_RUN_SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['node_modules/node', 'puts the pinned Node into place'],
]);

describe('the lockfile', () => {
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, ROOT), 'utf8'));
  const packages: Record<string, LockedPackage> = read('package-lock.json').packages;
  const installed = Object.entries(packages).filter(
    ([path, each]) => path.startsWith('node_modules/') && each.link !== true,
  );

  it('says of every package what its content is, by a strong hash', () => {
    // Optional ones are for other platforms: npm notes their hash where it installs them.
    const without = installed.filter(([, each]) => each.optional !== true && !each.integrity?.startsWith('sha512-'));
    expect(without.map(([path]) => path)).toEqual([]);
    expect(installed.length).toBeGreaterThan(50);
  });

  it('takes nothing from a place of its own, such as a Git address', () => {
    const elsewhere = installed.filter(
      ([, { resolved }]) => resolved !== undefined && !/^https:\/\/registry\.npmjs\.org\//.test(resolved),
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });

  it('has no scripts at installation, besides those we allow', () => {
    const scripts = installed.filter(([, each]) => each.hasInstallScript === true).map(([path]) => path);
    expect(scripts.filter((path) => !MAY_RUN_SCRIPTS.has(path))).toEqual([]);
    const allowed = Object.keys(read('package.json').allowScripts).map((name) => `node_modules/${name}`);
    expect(allowed).toEqual([...MAY_RUN_SCRIPTS.keys()]);
  });

  it('pins every dependency to one version', () => {
    const ranges = [
      '',
      ...Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules')),
    ].flatMap((path) => {
      const { dependencies = {}, devDependencies = {} } = packages[path] as Record<string, Record<string, string>>;
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
        .map(([name, range]) => `${path || 'root'}: ${name} ${range}`);
    });
    expect(ranges).toEqual([]);
  });
});

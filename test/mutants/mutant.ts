/** A mutant: one deliberate fault in the sources, what it breaks, and the tests that must notice. */
import { stripTypeScriptTypes } from 'node:module';

export interface Mutant {
  /** In kebab-case, for `--only`. */
  readonly name: string;
  /** The invariant (I1 to I16) or domain rule that no longer holds, and what that does to somebody. */
  readonly breaks: string;
  /** The source file, from the root. */
  readonly file: string;
  /** What is replaced; occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files, fastest first; the mutant is killed by the first that fails. */
  readonly checks: readonly string[];
}

/**
 * @param text of the mutant's file
 * @returns the mutated text
 * @throws Error when the patch does not apply exactly once, changes nothing, or leaves no TypeScript
 */
export function mutate(mutant: Mutant, text: string): string {
  const { name, file, find, replace } = mutant;
  const occurrences = find === '' ? 0 : text.split(find).length - 1;
  if (occurrences !== 1) throw new Error(`${name}: its text is ${occurrences} times in ${file}, not once`);
  if (find === replace) throw new Error(`${name}: it changes nothing`);
  const mutated = text.replace(find, () => replace);
  try {
    stripTypeScriptTypes(mutated);
  } catch (error) {
    throw new Error(`${name}: ${file} is no TypeScript with it: ${error instanceof Error ? error.message : error}`);
  }
  return mutated;
}

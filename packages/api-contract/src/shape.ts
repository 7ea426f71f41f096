/** Checks the shape of a value with a compiled validator and says what is wrong in words a caller can act on. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { refusalOfPattern } from './primitives.ts';

export interface FieldError {
  /** Members joined by "/", such as "price" or "orders/3"; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Most errors told about one request. */
const ERRORS_MAX = 20;

export interface Shape<Schema extends TSchema> {
  readonly schema: Schema;
  matches(value: unknown): value is Static<Schema>;
  /** What is wrong; never empty for a value that does not match. */
  errorsOf(value: unknown): readonly FieldError[];
}

export function shapeOf<const Schema extends TSchema>(schema: Schema): Shape<Schema> {
  const validator = Compile(schema);
  return {
    schema,
    matches: (value): value is Static<Schema> => validator.Check(value),
    errorsOf: (value) => fieldErrorsOf(validator.Errors(value)),
  };
}

function fieldErrorsOf(found: readonly TLocalizedValidationError[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  const told = new Set<string>();
  for (const error of found) {
    for (const { path, message } of wordsOf(error)) {
      // The first word about a member is the most telling; what follows from it is noise.
      if (told.has(path)) continue;
      told.add(path);
      errors.push({ path, message });
      if (errors.length === ERRORS_MAX) return errors;
    }
  }
  return errors.length > 0 ? errors : [{ path: '', message: 'has the wrong form' }];
}

function wordsOf(error: TLocalizedValidationError): readonly FieldError[] {
  const path = error.instancePath.slice(1);
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({ path: join(path, name), message: 'is required' }));
    case 'boolean':
      return [{ path: clip(path), message: 'is not a known member' }];
    case 'additionalProperties':
      return [];
    case 'pattern':
      return [{ path, message: refusalOfPattern(String(error.params.pattern)) }];
    case 'enum':
      return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}` }];
    default:
      return [{ path, message: error.message }];
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);

/** A hostile member name does not make a long answer. */
const clip = (path: string): string => (path.length > 100 ? `${path.slice(0, 100)}…` : path);

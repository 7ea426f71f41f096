/** What a row of the table of routes is made of. */
import { type TObject, type TSchema, Type } from 'typebox';
import type { Access } from './access.ts';
import type { ErrorCode } from './errorCodes.ts';

export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With path parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly tag: 'orders' | 'accounts' | 'market data' | 'simulation' | 'operations';
  readonly summary: string;
  readonly access: Access;
  readonly params: TObject;
  readonly query: TObject;
  readonly body: TSchema | null;
  /** Successful answers by status. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: TSchema | null }>>;
  /** Codes of its own, besides those every route may answer with. */
  readonly errors: readonly ErrorCode[];
}

export const NONE = Type.Object({}, { additionalProperties: false });
/** A command that may not have been decided. */
export const LOST: readonly ErrorCode[] = ['OVERLOADED', 'OUTCOME_UNKNOWN', 'MESSAGE_QUARANTINED'];

export const ok = (description: string, schema: TSchema | null) => ({ 200: { description, schema } });

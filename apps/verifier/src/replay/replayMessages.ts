/** What the thread that checks asks the thread that replays. Each is answered with what the Replay returns, in order. */
import type { HandedOverModel } from '../model/modelFacts.ts';

export type ToReplay =
  | { readonly kind: 'fold'; readonly groups: number }
  | { readonly kind: 'compare'; readonly model: HandedOverModel }
  | { readonly kind: 'verdict'; readonly cells: readonly number[] }
  | { readonly kind: 'fromSnapshot' };

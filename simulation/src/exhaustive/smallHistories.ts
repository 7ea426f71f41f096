/** Every short history of what one client does: the letters are its operations, in all orders that make sense. */

export const OPERATIONS = ['rest', 'take', 'cancel', 'replace', 'repeat', 'conflict', 'cancelAll'] as const;
export type SmallOperation = (typeof OPERATIONS)[number];
export type SmallHistory = readonly SmallOperation[];

/** What needs an order to be about. */
const NEEDS_ORDER: readonly SmallOperation[] = ['cancel', 'replace', 'repeat', 'conflict'];

const placesOrder = (operation: SmallOperation): boolean => operation === 'rest' || operation === 'take';

/** Shorter ones first. */
export function smallHistories(lengthMax: number): SmallHistory[] {
  const histories: SmallHistory[] = [];
  let shorter: SmallHistory[] = [[]];
  for (let length = 1; length <= lengthMax; length++) {
    shorter = shorter.flatMap((history) =>
      OPERATIONS.filter((operation) => !NEEDS_ORDER.includes(operation) || history.some(placesOrder)).map(
        (operation) => [...history, operation],
      ),
    );
    histories.push(...shorter);
  }
  return histories;
}

/**
 * What a client asked and was told, kept by the client itself, and the independent check of the journal against it: the
 * verifier's own rules, and its own reader for whatever this client knows. Nothing of the server's code is asked.
 */
import { join } from 'node:path';
import { type OrderTerms, parseDecimal } from '@oms/domain';
import { piecesOf, recordsOf, segmentFilesOf, verifyDataDirectory } from '@oms/verifier';

export type Operation = 'order.place' | 'order.cancel' | 'order.replace';

export interface Sent {
  readonly op: Operation;
  readonly params: Readonly<Record<string, unknown>> & { readonly clientOrderId: string };
  /** The outcome in one text: order id and, for a refusal, its code; null while unanswered. */
  told: string | null;
}

/** Answers that leave the outcome open: the same request is to be sent again. */
const UNDECIDED: ReadonlySet<string> = new Set(['OVERLOADED', 'NOT_READY', 'OUTCOME_UNKNOWN', 'RATE_LIMITED']);

/** A broken promise, with what shows it. */
export class BreachError extends Error {}

export class ClientRecord {
  readonly sent: Sent[] = [];

  send(op: Operation, params: Sent['params']): Sent {
    const sent: Sent = { op, params, told: null };
    this.sent.push(sent);
    return sent;
  }

  /**
   * Notes an answer; null when the connection was lost before it came.
   * @returns whether the outcome is known now
   * @throws BreachError when another outcome was told before (I3)
   */
  // biome-ignore lint/suspicious/noExplicitAny: a frame from the wire
  answered(sent: Sent, answer: any): boolean {
    if (answer === null) return false;
    const { result, error } = answer;
    if (error !== undefined && UNDECIDED.has(error.code)) return false;
    const told: string = result?.orderId ?? `${error.order?.orderId ?? ''} ${error.code}`;
    if (sent.told !== null && sent.told !== told) {
      throw new BreachError(`I3: ${sent.op} ${sent.params.clientOrderId} was told "${sent.told}", then "${told}"`);
    }
    sent.told = told;
    return true;
  }

  unanswered(): Sent[] {
    return this.sent.filter(({ told }) => told === null);
  }
}

/** What the journal of a stopped server says about the requests of clients. */
interface JournalView {
  /** By account and clientOrderId. */
  readonly placed: Map<string, { readonly orderId: string; readonly terms: OrderTerms }[]>;
  /** CancelRequested and ReplaceRequested of clients, by clientOrderId. */
  readonly requests: Map<string, string[]>;
  /** Reason codes of orders that were denied or rejected. */
  readonly refusals: Map<string, string>;
}

const requestKey = (accountId: unknown, clientOrderId: string): string => `${accountId} ${clientOrderId}`;
const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
};

function viewJournal(dataDirectory: string): JournalView {
  const view: JournalView = { placed: new Map(), requests: new Map(), refusals: new Map() };
  for (const segment of segmentFilesOf(join(dataDirectory, 'journal'))) {
    for (const piece of piecesOf(segment)) {
      if (piece.kind !== 'frame') continue;
      for (const { events } of recordsOf(piece.payload, piece.firstPosition)) {
        for (const event of events) {
          if (event.type === 'OrderPlaced') {
            push(view.placed, requestKey(event.accountId, event.clientOrderId), event);
          } else if (event.type === 'CancelRequested' || event.type === 'ReplaceRequested') {
            if (event.origin === 'CLIENT') push(view.requests, event.clientOrderId, event.orderId);
          } else if (event.type === 'OrderDenied' || event.type === 'OrderRejected') {
            view.refusals.set(event.orderId, event.reason.code);
          }
        }
      }
    }
  }
  return view;
}

/**
 * Holds the record against the journal of a stopped server.
 * @returns what does not agree, in words, nothing when all is well; and the verifier's hash of the state
 */
export async function checkRecord(dataDirectory: string, record: ClientRecord): Promise<readonly string[]> {
  const report = await verifyDataDirectory(dataDirectory);
  const failed = report.checks.filter((check) => !check.ok);
  const breaches = failed.map(({ id, title, breaches }) => `${id}, ${title}: ${breaches[0]}`);
  const view = viewJournal(dataDirectory);
  for (const sent of record.sent)
    breaches.push(...(sent.op === 'order.place' ? placeBreaches : requestBreaches)(sent, view));
  breaches.push(...unsentBreaches(record, view));
  return breaches;
}

/** I1 and I3 for one order: as told, once, with the content that was sent. */
function placeBreaches({ params, told }: Sent, { placed, refusals }: JournalView): string[] {
  const { clientOrderId, accountId } = params;
  const found = placed.get(requestKey(accountId, clientOrderId)) ?? [];
  const [orderId = '', code] = told?.split(' ') ?? [];
  if (found.length > 1) return [`I3: ${clientOrderId} was placed ${found.length} times`];
  const [order] = found;
  // Without an answer either may be; what was refused before it became an order must not be there.
  if (order === undefined)
    return told !== null && orderId !== '' ? [`I1: ${clientOrderId}, told "${told}", is missing`] : [];
  const breaches = contentBreaches(params, order.terms);
  if (told !== null && order.orderId !== orderId) {
    breaches.push(`I1: ${clientOrderId} was told "${told}", the journal has ${order.orderId}`);
  }
  if (code !== undefined && refusals.get(order.orderId) !== code) {
    breaches.push(
      `I1: ${clientOrderId} was told ${code}, the journal says ${refusals.get(order.orderId) ?? 'accepted'}`,
    );
  }
  return breaches;
}

const DECIMALS = ['quantity', 'price'] as const;
const WORDS = ['symbol', 'side', 'type'] as const;

function contentBreaches(params: Sent['params'], terms: OrderTerms): string[] {
  const differs = [
    ...WORDS.filter((name) => params[name] !== terms[name]),
    ...DECIMALS.filter((name) => {
      const text = params[name];
      return (typeof text === 'string' ? parseDecimal(text) : null) !== terms[name];
    }),
  ];
  return differs.map(
    (name) => `I1: ${params.clientOrderId} was sent with ${name} ${params[name]}, kept ${terms[name]}`,
  );
}

/** A cancel or replace that was accepted is in the journal once; one that was refused may have been asked of the venue. */
function requestBreaches({ op, params, told }: Sent, { requests }: JournalView): string[] {
  const found = requests.get(params.clientOrderId) ?? [];
  if (found.length > 1) return [`I3: ${op} ${params.clientOrderId} counted ${found.length} times`];
  const isAccepted = told !== null && !told.includes(' ');
  if (isAccepted && found.length === 0) return [`I1: ${op} ${params.clientOrderId}, told "${told}", is missing`];
  if (found.length === 0 || found[0] === params.orderId) return [];
  return [`I1: ${op} ${params.clientOrderId} was for ${params.orderId}, the journal has ${found[0]}`];
}

/** I2: nothing is there that this client, the only one, did not send. */
function unsentBreaches({ sent }: ClientRecord, { placed, requests }: JournalView): string[] {
  const places = new Set(
    sent.flatMap(({ op, params }) =>
      op === 'order.place' ? [requestKey(params.accountId, params.clientOrderId)] : [],
    ),
  );
  const others = new Set(sent.flatMap(({ op, params }) => (op === 'order.place' ? [] : [params.clientOrderId])));
  return [
    ...[...placed.keys()].filter((key) => !places.has(key)).map((key) => `I2: nobody sent the order ${key}`),
    ...[...requests.keys()].filter((key) => !others.has(key)).map((key) => `I2: nobody sent the request ${key}`),
  ];
}

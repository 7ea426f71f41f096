/**
 * What clients sent, what they were told, and what the journal has of it, side by side by (account, clientOrderId):
 * I1 acknowledged ⇒ in the journal exactly once with the same content; I2 nothing in it that nobody sent; I3 one
 * acceptance, and the same order for every repeat.
 */
import type { OrderEvent, OrderView } from '@oms/domain';
import type { VerifiedRecord } from '@oms/verifier';
import type { ClientRequest, WireAnswer } from '../clients/wire.ts';
import { contentOfAsked, contentOfBody, contentOfReplacement, contentOfTerms } from './orderContent.ts';

const ORDER_PROCESSOR = 1;
/** Ids that the house makes for requests that came without one. */
const HOUSE_ID = '~';

interface Entry {
  /** What clients asked for under this id, by kind and content. */
  readonly sent: Set<string>;
  /** What the journal has; null while it has nothing. */
  journaled: { readonly content: string; readonly orderId: string } | null;
  /** What was acknowledged, once something was. */
  acknowledged: { readonly content: string; readonly orderId: string | null } | null;
  isCreated: boolean;
  /** The order was told to be rejected, for this reason. */
  rejected: string | null;
}

export type Breach = (what: string) => void;

export class RequestLedger {
  readonly #breach: Breach;
  readonly #entries = new Map<string, Entry>();
  /** Acknowledged, and not yet seen in the journal. */
  #unproven = new Set<string>();
  /** By order: the versions told so far, each with when it was first told; both rise. */
  readonly #versions = new Map<string, { readonly at: number; readonly version: number }[]>();
  /** Of each order in the journal. */
  readonly #accounts = new Map<string, string>();
  /** Accounts whose clients asked to cancel without an id. */
  readonly #anonymous = new Set<string>();
  #placed = 0;

  constructor(breach: Breach) {
    this.#breach = breach;
  }

  /** Orders in the journal. */
  get placed(): number {
    return this.#placed;
  }

  sent(accountId: string, request: ClientRequest): void {
    const asked = askedOf(accountId, request);
    if (asked === null) this.#anonymous.add(accountId);
    else this.#entryOf(asked.key).sent.add(asked.content);
  }

  /** Told to somebody, whether or not it arrives. @param arrivedAt when the house got the request; it is `now` by now */
  told(accountId: string, request: ClientRequest, answer: WireAnswer, arrivedAt: number, now: number): void {
    if (answer.order !== null) this.#noteVersion(answer.order, arrivedAt, now);
    const asked = askedOf(accountId, request);
    if (asked === null || request.kind === 'show') return;
    const entry = this.#entryOf(asked.key);
    const { status, code, order } = answer;
    if (code === 'IDEMPOTENCY_CONFLICT') {
      if (entry.sent.size < 2) this.#breach(`I3: ${asked.key} conflicts, though it was only used for ${asked.content}`);
      return;
    }
    if (code === 'MESSAGE_QUARANTINED') this.#breach(`${asked.key} (${asked.content}) could not be decided`);
    if (code === 'UNKNOWN_ORDER') this.#breach(`I1: ${asked.key}: the order of ${asked.content} was told, and is gone`);
    const isAcknowledged = status < 300 || (status === 422 && order !== null) || code === 'ORDER_NOT_OPEN';
    if (!isAcknowledged) return;
    this.#acknowledge(asked.key, entry, asked.content, request.kind === 'place' ? (order?.orderId ?? null) : null);
    if (request.kind === 'place') this.#outcome(asked.key, entry, answer);
  }

  record({ service, position, events }: VerifiedRecord): void {
    if (service !== ORDER_PROCESSOR) return;
    for (const event of events as readonly OrderEvent[]) {
      switch (event.type) {
        case 'OrderPlaced':
          this.#placed++;
          this.#journal(event.accountId, event.clientOrderId, `place ${contentOfTerms(event.terms)}`, event, position);
          this.#accounts.set(event.orderId, event.accountId);
          break;
        case 'CancelRequested':
          if (event.origin === 'CLIENT') this.#journalRequest(event, `cancel ${event.orderId}`, position);
          break;
        case 'ReplaceRequested':
          if (event.origin === 'CLIENT') this.#journalRequest(event, `replace ${contentOfAsked(event)}`, position);
          break;
        default:
          break;
      }
    }
  }

  /** Everything acknowledged so far must be in what was read of the journal. */
  prove(): void {
    for (const key of this.#unproven) {
      const { journaled, acknowledged } = this.#entries.get(key)!;
      if (journaled === null) this.#breach(`I1: ${key} was acknowledged and is not in the journal`);
      else if (journaled.content !== acknowledged!.content) {
        this.#breach(`I1: ${key} was acknowledged as ${acknowledged!.content}, the journal has ${journaled.content}`);
      } else if (acknowledged!.orderId !== null && acknowledged!.orderId !== journaled.orderId) {
        this.#breach(`I3: ${key} was told order ${acknowledged!.orderId}, the journal has ${journaled.orderId}`);
      }
    }
    this.#unproven = new Set();
  }

  #journalRequest(
    event: { readonly orderId: string; readonly clientOrderId: string },
    content: string,
    at: number,
  ): void {
    const accountId = this.#accounts.get(event.orderId) ?? '?';
    if (!event.clientOrderId.startsWith(HOUSE_ID)) this.#journal(accountId, event.clientOrderId, content, event, at);
    else if (!this.#anonymous.has(accountId)) this.#breach(`I2: position ${at}: nobody asked to ${content}`);
  }

  #journal(
    accountId: string,
    id: string,
    content: string,
    { orderId }: { readonly orderId: string },
    at: number,
  ): void {
    const key = `${accountId} ${id}`;
    const entry = this.#entryOf(key);
    if (!entry.sent.has(content)) this.#breach(`I2: position ${at} has ${key} with ${content}, which nobody sent`);
    if (entry.journaled !== null) this.#breach(`I3: position ${at} accepts ${key} a second time`);
    entry.journaled = { content, orderId };
  }

  #acknowledge(key: string, entry: Entry, content: string, orderId: string | null): void {
    const before = entry.acknowledged;
    if (before === null) {
      entry.acknowledged = { content, orderId };
      this.#unproven.add(key);
      return;
    }
    if (before.content !== content) this.#breach(`I3: ${key} was acknowledged as ${before.content} and as ${content}`);
    if (before.orderId !== orderId) this.#breach(`I3: ${key} was told order ${before.orderId} and order ${orderId}`);
  }

  /** New once, and once rejected always rejected. */
  #outcome(key: string, entry: Entry, { status, code }: WireAnswer): void {
    if (status === 201) {
      if (entry.isCreated) this.#breach(`I3: ${key} was told to be new twice`);
      entry.isCreated = true;
    }
    const rejected = status === 422 ? code : null;
    if (entry.rejected !== null && entry.rejected !== rejected) {
      this.#breach(`I3: ${key} was rejected for ${entry.rejected}, a repeat was answered ${status} ${code}`);
    }
    entry.rejected = rejected;
  }

  /** Whoever asks sees at least what was told of the order before he asked. */
  #noteVersion({ orderId, version }: OrderView, arrivedAt: number, now: number): void {
    let told = this.#versions.get(orderId);
    if (told === undefined) {
      told = [];
      this.#versions.set(orderId, told);
    }
    const before = told.findLast(({ at }) => at < arrivedAt)?.version ?? 0;
    if (version < before)
      this.#breach(`I11: order ${orderId} was told in version ${before}, then in version ${version}`);
    if (version > (told.at(-1)?.version ?? 0)) told.push({ at: now, version });
  }

  #entryOf(key: string): Entry {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { sent: new Set(), journaled: null, acknowledged: null, isCreated: false, rejected: null };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}

/** Under which id something was asked for; null when the request has none. */
function askedOf(accountId: string, request: ClientRequest): { readonly key: string; readonly content: string } | null {
  switch (request.kind) {
    case 'place':
      return { key: `${accountId} ${request.body.clientOrderId}`, content: placeContent(request.body) };
    case 'replace':
      return {
        key: `${accountId} ${request.body.clientOrderId}`,
        content: `replace ${contentOfReplacement(request.orderId, request.body)}`,
      };
    case 'cancel':
      if (request.clientOrderId === null) return null;
      return { key: `${accountId} ${request.clientOrderId}`, content: `cancel ${request.orderId}` };
    case 'cancelAll':
    case 'show':
      return null;
  }
}

/** Bodies that are none keep their text: they can never be in the journal. */
function placeContent(body: Parameters<typeof contentOfBody>[0]): string {
  try {
    return `place ${contentOfBody(body)}`;
  } catch {
    return `malformed ${JSON.stringify(body)}`;
  }
}

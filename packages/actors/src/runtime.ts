/**
 * The actor runtime: takes messages in batches, runs them through the actors until nothing is left to do, journals
 * one record per decision in one group, and releases replies and pushes only once that group is durable. The next
 * batch is decided while the last one is being synced (architecture, "A batch, embedded").
 *
 * Order of things for one message: decide (pure) → record → fold → index → sends → replies. A decision that throws
 * is put aside with its position and the next message goes on; a fold that throws is a broken invariant and stops
 * the runtime before anything of the batch is written.
 */
import type { Answer, DecisionContext, InstrumentCatalog, MarketView, Reply, Send } from '@oms/domain';
import type { Clock, Journal, Scheduler, SnapshotStore, Timer } from '@oms/ports';
import { InfrastructureError } from '@oms/ports';
import type { Message, ServiceName } from './actorDefinition.ts';
import { type AnyActor, type Cell, Cells, createCell } from './cell.ts';
import { type Effects, newEffects } from './effects.ts';
import { GroupWriter } from './groupWriter.ts';
import { type Envelope, Mailbox, Queue, type Urgency } from './mailbox.ts';
import { quarantinedEvent } from './quarantine.ts';
import { type RecoveryReport, type ReplayObserver, recover } from './recovery.ts';
import { decodeSnapshot, encodeSnapshot, writeSnapshot } from './snapshotCodec.ts';
import { CAUSE_INSIDE, CAUSE_OUTSIDE, SourceSequences } from './sourceSequences.ts';

/** What an answer carries to the caller besides the decision's own: made by the host when the reply is due. */
export interface RuntimeHooks<Answered> {
  /** Turns a reply into what the caller gets, with the state as it stands now. */
  answer(answer: Answer, cell: Cell): Answered;
  /** What the caller of a message that was put aside gets. */
  quarantined(position: number): Answered;
  /** Hands an answer over; called only after everything it tells is durable. */
  deliver(replyTo: number, answered: Answered): void;
  /** Told of every event right after its fold; an effect it returns is released once the event is durable. */
  applied?(service: ServiceName, event: unknown, change: unknown, now: number): (() => void) | undefined;
  /** Everything up to here is durable. */
  durable?(position: number, now: number): void;
  /** The runtime has stopped for good: a broken invariant or a failed journal. */
  failed(error: unknown, evidence: string | null): void;
}

export interface RuntimeOptions<Answered> {
  /** A fresh definition per partition, for its index belongs to one cell. */
  readonly actors: readonly { readonly create: () => AnyActor; readonly partitions: number }[];
  readonly journal: Journal;
  readonly snapshots: SnapshotStore | null;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly market: MarketView;
  readonly instruments: InstrumentCatalog;
  readonly hooks: RuntimeHooks<Answered>;
  /** Which partition of the receiving service a send goes to; by default that of the sender. */
  readonly route?: (send: Send, fromPartition: number) => number;
  readonly mailboxCapacity?: { readonly ordinary: number; readonly urgent: number };
  /** Messages decided before the event loop gets a turn. */
  readonly batchMessagesMax?: number;
  /** How often time and market are looked at when no message comes. */
  readonly tickMs?: number;
}

/** What waits in the ordinary lane is decided well within a caller's patience; more is better refused at once. */
const MAILBOX_CAPACITY = { ordinary: 8_192, urgent: 65_536 };
const BATCH_MESSAGES_MAX = 1_000;
/** Messages that go through the services side by side: a service's code stays in the caches for the whole wave. */
const WAVE_MESSAGES = 64;
const TICK_MS = 20;
/** Groups decided but not durable; past it the mailbox fills up instead of memory. */
const GROUPS_IN_FLIGHT_MAX = 64;

export class Runtime<Answered> {
  readonly cells: Cells;
  readonly #options: RuntimeOptions<Answered>;
  readonly #hooks: RuntimeHooks<Answered>;
  readonly #journal: Journal;
  readonly #mailbox: Mailbox;
  readonly #inside = new Queue<Envelope>();
  readonly #group = new GroupWriter();
  readonly #sources = new SourceSequences();
  readonly #settling: { readonly reply: Reply; readonly cell: Cell }[] = [];
  #effects: Effects<Answered> = newEffects();
  #groupsInFlight = 0;
  #lastNow = 0;
  #flushing: Promise<void> | null = null;
  #scheduled = false;
  #stopped = true;
  #timer: Timer | null = null;
  #quarantinedCount = 0;
  #lastBatchSize = 0;

  constructor(options: RuntimeOptions<Answered>) {
    this.#options = options;
    this.#hooks = options.hooks;
    this.#journal = options.journal;
    this.#mailbox = new Mailbox(options.mailboxCapacity ?? MAILBOX_CAPACITY);
    this.cells = new Cells(
      options.actors.flatMap(({ create, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => createCell(create(), partition)),
      ),
    );
  }

  /** Loads the newest snapshot and folds the journal's tail. Call once, before {@link start}. */
  recover(observer?: ReplayObserver): RecoveryReport {
    const report = recover(this.cells, this.#journal, this.#options.snapshots, this.#sources, observer);
    this.#lastNow = report.lastNow;
    return report;
  }

  /** Begins to take messages. */
  start(): void {
    this.#stopped = false;
    this.#timer = this.#options.scheduler.every(this.#options.tickMs ?? TICK_MS, () => this.#wake());
    this.#wake();
  }

  /**
   * Puts a message into an actor's mailbox.
   * @param source of a message with a position of its own (≥ 2), so that it counts once however often it comes
   * @returns false when the mailbox is full or the runtime stopped: the message was not taken.
   */
  submit(
    service: ServiceName,
    partition: number,
    message: Message,
    urgency: Urgency = 'ordinary',
    source?: { readonly kind: number; readonly sequence: number },
  ): boolean {
    const cell = this.cells.of(service, partition);
    if (cell === undefined || this.#stopped) return false;
    const envelope: Envelope = {
      cell: cell.key,
      message,
      causeKind: source?.kind ?? CAUSE_OUTSIDE,
      causeSequence: source?.sequence ?? 0,
    };
    if (!this.#mailbox.offer(envelope, urgency)) return false;
    this.#wake();
    return true;
  }

  /** Calls back once everything decided so far is durable; at once when it is already. */
  whenDurable(task: () => void): void {
    if (this.#journal.durablePosition >= this.#journal.lastPosition) task();
    else this.#effects.tasks.push(task);
  }

  /** How full the mailbox is for ordinary messages: from 0 to 1, at which the next is refused. */
  get occupancy(): number {
    return this.#mailbox.occupancy;
  }

  get status() {
    return {
      queueDepth: this.#mailbox.length,
      quarantinedTotal: this.#quarantinedCount,
      lastBatchSize: this.#lastBatchSize,
      stopped: this.#stopped,
    };
  }

  /**
   * Saves the state as of now, while nothing else is done: for the end, and for houses without a worker that makes
   * snapshots. Does nothing without a snapshot store.
   * @returns its position, once it is durable
   * @throws InfrastructureError SNAPSHOT_WRITE_FAILED
   */
  async snapshot(): Promise<number> {
    await this.#flushed();
    const position = this.#journal.lastPosition;
    const { snapshots } = this.#options;
    if (snapshots === null || position === 0) return position;
    if (this.#journal.durablePosition < position) {
      // A snapshot must never know more than the journal.
      throw new InfrastructureError('SNAPSHOT_WRITE_FAILED', `the journal is not durable up to position ${position}`);
    }
    await snapshots.save(this.#journal.head, (writer) => writeSnapshot(this.cells, this.#sources, writer));
    return position;
  }

  /** The states as canonical bytes: equal states give equal bytes. */
  stateBytes(): Uint8Array {
    return encodeSnapshot(this.cells, this.#sources);
  }

  /** Replaces the states by those of a snapshot's bytes (tests, and hand-over). */
  restore(bytes: Uint8Array): void {
    decodeSnapshot(bytes, this.cells, this.#sources);
    for (const cell of this.cells.all) cell.definition.index?.rebuilt(cell.state);
  }

  /** Decides what waits, makes it durable, answers, and takes nothing more. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    while (!this.#stopped && this.#mailbox.length > 0) {
      this.#runBatch();
      await this.#flushed();
    }
    this.#stopped = true;
    await this.#flushed();
  }

  /** Runs one batch now, outside the scheduler: for hosts that step time themselves. Resolves when it is durable. */
  async step(): Promise<void> {
    do {
      this.#runBatch();
      await this.#flushed();
    } while (!this.#stopped && this.#mailbox.length > 0);
  }

  #wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#options.scheduler.soon(() => {
      this.#scheduled = false;
      this.#runBatch();
    });
  }

  #runBatch(): void {
    if (this.#stopped || this.#groupsInFlight >= GROUPS_IN_FLIGHT_MAX) return;
    const now = this.#now();
    const context: DecisionContext = {
      now,
      market: this.#options.market,
      instruments: this.#options.instruments,
    };
    this.#group.begin(this.#journal.lastPosition + 1);
    try {
      this.#runDue(context);
      this.#runMailbox(context);
    } catch (error) {
      this.#fail(error, 'a fold broke an invariant; nothing of its batch was written');
      return;
    }
    this.#commit(now);
    if (this.#mailbox.length > 0) this.#wake();
  }

  /** Time never goes back within a journal, whatever the clock does. */
  #now(): number {
    this.#lastNow = Math.max(this.#lastNow, this.#options.clock.now());
    return this.#lastNow;
  }

  #runDue(context: DecisionContext): void {
    for (const cell of this.cells.all) {
      const { index } = cell.definition;
      if (index === undefined) continue;
      for (const message of index.due(cell.state, context)) {
        this.#decide({ cell: cell.key, message, causeKind: CAUSE_OUTSIDE, causeSequence: 0 }, context);
        this.#settle(context);
      }
    }
  }

  #runMailbox(context: DecisionContext): void {
    const max = this.#options.batchMessagesMax ?? BATCH_MESSAGES_MAX;
    let count = 0;
    while (count < max) {
      const end = Math.min(max, count + WAVE_MESSAGES);
      const before = count;
      for (; count < end; count++) {
        const envelope = this.#mailbox.next();
        if (envelope === undefined) break;
        if (!this.#sources.isDone(envelope.causeKind, envelope.causeSequence)) this.#decide(envelope, context);
      }
      if (count === before) break;
      this.#settle(context);
    }
    if (count > 0) this.#lastBatchSize = count;
  }

  /** Everything that was set off inside the process, first come first served; then the replies that wait for it. */
  #settle(context: DecisionContext): void {
    for (let envelope = this.#inside.shift(); envelope !== undefined; envelope = this.#inside.shift()) {
      this.#decide(envelope, context);
    }
    if (this.#settling.length === 0) return;
    for (const { reply, cell } of this.#settling) this.#answer(reply, cell);
    this.#settling.length = 0;
  }

  #decide(envelope: Envelope, context: DecisionContext): void {
    const cell = this.cells.byKey(envelope.cell)!;
    const { definition } = cell;
    let decision: ReturnType<AnyActor['receive']>;
    let position = envelope.causeSequence;
    try {
      decision = definition.receive(envelope.message, cell.state, context);
      // An event that cannot be written down (a text beyond its field) must not be folded either.
      if (decision.events.length > 0) position = this.#group.record(cell, envelope, decision.events);
    } catch (error) {
      this.#quarantine(cell, envelope, error);
      return;
    }
    const { events, sends, replies } = decision;
    if (events.length > 0) this.#sources.note(envelope.causeKind, envelope.causeSequence);
    for (const event of events) this.#apply(cell, event, context.now);
    for (const send of sends) this.#send(send, cell, position);
    for (const reply of replies) {
      if (reply.show === 'immediately') this.#answer(reply, cell);
      else this.#settling.push({ reply, cell });
    }
  }

  #apply(cell: Cell, event: unknown, now: number): void {
    const { definition, state } = cell;
    const change: unknown = definition.evolve(state, event, now);
    definition.index?.applied(state, event);
    const effect = this.#hooks.applied?.(cell.service, event, change, now);
    if (effect !== undefined) this.#effects.tasks.push(effect);
  }

  #send(send: Send, from: Cell, position: number): void {
    const partition = this.#options.route?.(send, from.partition) ?? from.partition;
    const to = this.cells.of(send.to, partition);
    if (to === undefined) throw new Error(`no partition ${partition} of ${send.to} in this process`);
    this.#inside.push({ cell: to.key, message: send.message, causeKind: CAUSE_INSIDE, causeSequence: position });
  }

  #answer(reply: Reply, cell: Cell): void {
    this.#effects.replyTo.push(reply.to);
    this.#effects.answers.push(this.#hooks.answer(reply.answer, cell));
  }

  #quarantine(cell: Cell, envelope: Envelope, error: unknown): void {
    this.#quarantinedCount++;
    const position = this.#group.runtimeRecord(
      cell.partition,
      envelope,
      quarantinedEvent(cell, envelope.message, error),
    );
    this.#sources.note(envelope.causeKind, envelope.causeSequence);
    const replyTo = 'replyTo' in envelope.message ? envelope.message.replyTo : null;
    if (typeof replyTo === 'number') {
      this.#effects.replyTo.push(replyTo);
      this.#effects.answers.push(this.#hooks.quarantined(position));
    }
  }

  #commit(now: number): void {
    if (this.#group.recordCount > 0) {
      try {
        this.#journal.append(this.#group.end(now, this.#journal.epoch));
      } catch (error) {
        this.#fail(error, null);
        return;
      }
      this.#groupsInFlight++;
    }
    this.#flush();
  }

  /** One flush at a time; whatever was decided meanwhile goes into the next. */
  #flush(): void {
    if (this.#flushing !== null || this.#stopped) return;
    const effects = this.#effects;
    const position = this.#journal.lastPosition;
    if (this.#journal.durablePosition >= position) {
      // Answers that changed nothing have nothing to wait for.
      this.#groupsInFlight = 0;
      if (!effects.isEmpty()) {
        this.#effects = newEffects();
        effects.release(this.#hooks);
      }
      return;
    }
    this.#effects = newEffects();
    const groups = this.#groupsInFlight;
    const now = this.#lastNow;
    this.#flushing = this.#journal.flush().then(
      () => {
        this.#flushing = null;
        this.#groupsInFlight -= groups;
        effects.release(this.#hooks);
        this.#hooks.durable?.(position, now);
        this.#flush();
        if (this.#mailbox.length > 0) this.#wake();
      },
      (error: unknown) => {
        this.#flushing = null;
        this.#fail(error, null);
      },
    );
  }

  async #flushed(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
  }

  #fail(error: unknown, evidence: string | null): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer?.cancel();
    this.#hooks.failed(error, evidence);
  }
}

/** The journal and the way of an answer, with what happens on them announced. */
import type {
  CommandAnswer,
  CommandGateway,
  HouseMessage,
  Journal,
  JournalGroup,
  JournalHead,
  Urgency,
} from '@oms/ports';
import type { Announcer } from './moments.ts';

export class AnnouncingJournal implements Journal {
  readonly #journal: Journal;
  readonly #announce: Announcer;

  constructor(journal: Journal, announce: Announcer) {
    this.#journal = journal;
    this.#announce = announce;
  }

  get lastPosition(): number {
    return this.#journal.lastPosition;
  }

  get durablePosition(): number {
    return this.#journal.durablePosition;
  }

  get head(): JournalHead {
    return this.#journal.head;
  }

  get epoch(): number {
    return this.#journal.epoch;
  }

  append(group: JournalGroup): void {
    this.#announce.now('journal.append.before');
    this.#journal.append(group);
    this.#announce.now('journal.append.after');
  }

  flush(): Promise<void> {
    return this.#journal.flush();
  }

  read(position: number): Iterable<JournalGroup> {
    return this.#journal.read(position);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}

export class AnnouncingGateway implements CommandGateway {
  readonly #house: CommandGateway;
  readonly #announce: Announcer;

  constructor(house: CommandGateway, announce: Announcer) {
    this.#house = house;
    this.#announce = announce;
  }

  get occupancy(): number {
    return this.#house.occupancy;
  }

  get partitions(): number {
    return this.#house.partitions;
  }

  get durablePosition(): number {
    return this.#house.durablePosition;
  }

  query<T>(read: () => T): Promise<T> {
    return this.#house.query(read);
  }

  submit(
    partition: number,
    urgency: Urgency,
    build: (replyTo: number) => HouseMessage,
    done: (answer: CommandAnswer) => void,
  ): boolean {
    return this.#house.submit(partition, urgency, build, (answer) => {
      this.#announce.now('answer.before');
      done(answer);
      // The socket takes what was written to it before the next turn but one.
      setImmediate(() => setImmediate(() => this.#announce.now('answer.after')));
    });
  }
}

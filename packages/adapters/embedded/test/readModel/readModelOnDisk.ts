/** The read model as the house runs it: its worker thread, over a journal on disk in a directory of its own. */
import { join } from 'node:path';
import type { Journal } from '@oms/ports';
import { openFileJournal } from '../../src/journal/fileJournal.ts';
import { type EmbeddedReadModel, openReadModel } from '../../src/readModel/openReadModel.ts';
import type { ReadModelNotice } from '../../src/readModel/workerMessages.ts';
import { type JournalledRecord, payloadOf } from './fedJournal.ts';
import { temporaryDirectory } from './hostedReadModel.ts';

export class ReadModelOnDisk {
  readonly #directory = temporaryDirectory();
  readonly journalDirectory = join(this.#directory.path, 'journal');
  readonly databaseFile = join(this.#directory.path, 'read-model.sqlite');
  readonly notices: ReadModelNotice[] = [];
  readonly journal: Journal = openFileJournal({ directory: this.journalDirectory }).journal;
  readonly #opened: EmbeddedReadModel[] = [];

  async open(databaseFile = this.databaseFile): Promise<EmbeddedReadModel> {
    const readModel = await openReadModel({
      journalDirectory: this.journalDirectory,
      databaseFile,
      durablePosition: this.journal.durablePosition,
      onNotice: (notice) => this.notices.push(notice),
    });
    this.#opened.push(readModel);
    return readModel;
  }

  /** Appends one group and makes it durable. @returns position of its last record */
  async append(now: number, records: readonly JournalledRecord[]): Promise<number> {
    const { journal } = this;
    const firstPosition = journal.lastPosition + 1;
    const payload = payloadOf(records);
    journal.append({ firstPosition, recordCount: records.length, now, epoch: journal.epoch, payload });
    await journal.flush();
    return journal.durablePosition;
  }

  async dispose(): Promise<void> {
    for (const readModel of this.#opened) await readModel.close();
    await this.journal.close();
    this.#directory.remove();
  }
}

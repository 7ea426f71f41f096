/** Doses of a failing disk on the real process: an error on a write or a sync, and a disk without room. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, RETRIED } from '../system/faults/fault.ts';
import { BreachError, ClientRecord } from './clientRecord.ts';
import { inLife, type Life } from './life.ts';
import { nextRequest } from './orderFlow.ts';

/** By then the disk has failed, or never will. */
const REQUESTS_MAX = 50_000;
/** Room for some hundred orders. */
const SMALL_DISK = 4;
const LARGE_DISK = 256;

async function loadUntilItStops(life: Life, record: ClientRecord): Promise<void> {
  await life.ask(record, () => (record.sent.length < REQUESTS_MAX ? nextRequest(record) : undefined));
  if (record.sent.length >= REQUESTS_MAX) throw new BreachError('the disk failed and the server went on');
}

/** It ended by itself, with a reason for the operator, and tried nothing on the journal again. */
async function expectStopped(life: Life): Promise<void> {
  const { code, signal, error } = await life.process!.ended;
  if (code !== 1) throw new BreachError(`a failed disk ended the server with ${code ?? signal}: ${error}`);
  if (!error.includes('JOURNAL_WRITE_FAILED')) throw new BreachError(`it did not say why it stopped: ${error}`);
  if (error.includes(RETRIED)) throw new BreachError(`the journal was written after it failed: ${error}`);
}

function expectEvidence(dataDirectory: string): void {
  const files = readdirSync(dataDirectory).filter((name) => /^stopped-\d+\.json$/.test(name));
  const codes = files.map((name) => JSON.parse(readFileSync(join(dataDirectory, name), 'utf8')).code);
  if (!codes.includes('JOURNAL_WRITE_FAILED')) throw new BreachError(`no evidence was kept: found ${codes}`);
}

/** One operation on the journal fails. */
export function failingDisk(fault: Fault): Promise<void> {
  return inLife(async (life) => {
    const record = new ClientRecord();
    if (fault.moment.startsWith('repair.')) {
      await life.start();
      await life.ask(record, () => (record.sent.length < 50 ? nextRequest(record) : undefined));
      await life.kill('SIGKILL');
      if (await life.start(fault)) throw new BreachError(`it started although ${fault.moment} failed`);
      await expectStopped(life);
    } else {
      if (await life.start(fault)) await loadUntilItStops(life, record);
      await expectStopped(life);
      expectEvidence(life.dataDirectory);
    }
    await life.start();
    await life.check(record);
  });
}

/** The disk is full; once there is room, everything acknowledged is there. */
export function fullDisk(): Promise<void> {
  return inLife(
    async (life) => {
      const record = new ClientRecord();
      await life.start();
      await loadUntilItStops(life, record);
      await expectStopped(life);
      life.resizeDisk(LARGE_DISK);
      await life.start();
      await life.check(record);
    },
    { diskMebibytes: SMALL_DISK },
  );
}

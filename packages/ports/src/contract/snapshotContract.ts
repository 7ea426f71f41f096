/** The contract of the snapshot port, as a suite that every adapter's tests call with a factory. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SnapshotStore } from '../snapshots.ts';

/** One store in one place, opened again at will. */
export interface SnapshotSubject {
  open(): Promise<SnapshotStore>;
  /** Ends the store as a crash does; what was saved must survive it. */
  stop(): Promise<void>;
  /** Damages the snapshot saved at that position. */
  damage(position: number): void;
  /** The next save finds the storage broken; the one after it works again. */
  breakNextSave(): void;
  dispose(): Promise<void>;
}

export function snapshotContract(adapter: string, make: () => Promise<SnapshotSubject>): void {
  describe(`snapshots: ${adapter}`, () => {
    let subject: SnapshotSubject;
    let store: SnapshotStore;

    beforeEach(async () => {
      subject = await make();
      store = await subject.open();
    });
    afterEach(() => subject.dispose());

    const stateAt = (position: number): Uint8Array => Uint8Array.from({ length: 1_000 }, (_, i) => position + i);
    const headAt = (position: number) => ({ position, hash: position.toString(16).padStart(64, 'e') });
    const saveBytes = (position: number, bytes: Uint8Array) =>
      store.save(headAt(position), (writer) => writer.append(bytes));
    const save = (position: number) => saveBytes(position, stateAt(position));
    const positionOf = (maxPosition: number) => store.load(maxPosition).snapshot?.position ?? null;

    it('has nothing before the first save', () => {
      expect(store.load(Number.MAX_SAFE_INTEGER)).toEqual({ snapshot: null, damaged: [] });
    });

    it('gives the newest back, byte for byte and with its head, also after a stop', async () => {
      await save(10);
      await save(20);
      await subject.stop();
      store = await subject.open();
      const { snapshot, damaged } = store.load(Number.MAX_SAFE_INTEGER);
      expect(damaged).toEqual([]);
      expect(snapshot).toMatchObject(headAt(20));
      expect(Uint8Array.from(snapshot!.bytes)).toEqual(stateAt(20));
    });

    it('keeps an empty state, and position 0', async () => {
      await saveBytes(0, new Uint8Array(0));
      const { snapshot } = store.load(0);
      expect([snapshot?.position, snapshot?.bytes.length]).toEqual([0, 0]);
    });

    it('loads none above the position asked for', async () => {
      await save(10);
      await save(20);
      expect([9, 10, 19, 20, 21].map(positionOf)).toEqual([null, 10, 10, 20, 20]);
    });

    it('keeps the previous one', async () => {
      for (const position of [10, 20, 30]) await save(position);
      expect([positionOf(30), positionOf(29)]).toEqual([30, 20]);
    });

    it('takes the place of one at the same position', async () => {
      await save(10);
      await saveBytes(10, Uint8Array.of(1));
      expect(Uint8Array.from(store.load(10).snapshot!.bytes)).toEqual(Uint8Array.of(1));
    });

    it('passes over a damaged one, says so, and uses the older', async () => {
      await save(10);
      await save(20);
      subject.damage(20);
      const { snapshot, damaged } = store.load(Number.MAX_SAFE_INTEGER);
      expect(snapshot?.position).toBe(10);
      expect(damaged).toHaveLength(1);
      expect(damaged[0]).toContain('20');
    });

    it('reports all that are damaged when none is left', async () => {
      await save(10);
      await save(20);
      subject.damage(10);
      subject.damage(20);
      const { snapshot, damaged } = store.load(Number.MAX_SAFE_INTEGER);
      expect([snapshot, damaged.length]).toEqual([null, 2]);
    });

    it('a save that fails says SNAPSHOT_WRITE_FAILED and harms no other; the next one works', async () => {
      await save(10);
      subject.breakNextSave();
      await expect(save(20)).rejects.toMatchObject({ code: 'SNAPSHOT_WRITE_FAILED', retryable: true });
      expect(store.load(Number.MAX_SAFE_INTEGER)).toMatchObject({ snapshot: { position: 10 }, damaged: [] });
      await save(20);
      expect(positionOf(20)).toBe(20);
    });

    it('a save under way when the stop came leaves the new one whole, or the old one', async () => {
      await save(10);
      const saving = save(20).catch(() => undefined);
      await subject.stop();
      await saving;
      store = await subject.open();
      const { snapshot, damaged } = store.load(Number.MAX_SAFE_INTEGER);
      expect(damaged).toEqual([]);
      expect([10, 20]).toContain(snapshot?.position);
      expect(Uint8Array.from(snapshot!.bytes)).toEqual(stateAt(snapshot!.position));
    });
  });
}

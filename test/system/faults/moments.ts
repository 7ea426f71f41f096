/**
 * The named moments of the server's life at which it can be killed or its disk can fail: one before and one after every
 * step that leaves something behind. They are announced by ports put around the real ones (announcingFileSystem.ts,
 * announcingPorts.ts), so that the server itself knows nothing of them.
 */

export const MOMENTS = [
  'journal.append.before',
  'journal.append.after',
  'journal.write.before',
  /** The first half of the bytes is written, the second is not. */
  'journal.write.half',
  'journal.write.after',
  'journal.sync.before',
  'journal.sync.after',
  /** Durable, and nobody was told. */
  'answer.before',
  /** Handed to the socket. */
  'answer.after',
  'segment.create.before',
  'segment.fill.after',
  'segment.rename.before',
  'segment.rename.after',
  'segment.directory.after',
  'snapshot.create.before',
  'snapshot.write.after',
  'snapshot.sync.before',
  'snapshot.sync.after',
  'snapshot.rename.before',
  'snapshot.rename.after',
  'snapshot.directory.after',
  'snapshot.remove.before',
  'repair.write.before',
  'repair.write.after',
  'repair.sync.before',
  'repair.sync.after',
] as const;

export type Moment = (typeof MOMENTS)[number];

/** Told when a moment has come. */
export interface Announcer {
  /** Ends the process, throws what the operation shall fail with, or returns. */
  now(moment: Moment): void;
  /** The same on a slow disk: before the process ends, whatever it said too early has time to leave it. */
  later(moment: Moment): Promise<void>;
}

export const isMoment = (text: string): text is Moment => (MOMENTS as readonly string[]).includes(text);

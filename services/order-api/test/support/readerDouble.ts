/** A stream reader that keeps what it was sent, and is as far behind as a test says. */
import type { StreamReader } from '../../src/streams/streamReader.ts';
import type { Frame } from './apiUnderTest.ts';

export class ReaderDouble implements StreamReader {
  isOpen = true;
  unsentBytes = 0;
  closedSlow = false;
  readonly frames: Frame[] = [];
  readonly buffers: Buffer[] = [];

  push(frame: Buffer): void {
    this.buffers.push(frame);
    this.frames.push(JSON.parse(frame.toString()));
  }
  closeSlow(): void {
    this.closedSlow = true;
    this.isOpen = false;
  }
  sequences(channel: string): number[] {
    return this.frames.filter((frame) => frame.channel === channel && 'data' in frame).map((frame) => frame.sequence);
  }
}

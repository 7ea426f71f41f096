/** Follows frames in order and tells where one does not belong: positions, checksum chain, epochs, durable positions. */
import type { GroupFrame } from './groupFrame.ts';

export class FrameChain {
  nextPosition: number;
  crc: number;
  epoch = 0;
  durablePosition = 0;

  constructor(nextPosition: number, crc: number) {
    this.nextPosition = nextPosition;
    this.crc = crc;
  }

  /** Moves on over the frame. @returns null, or why it cannot come here */
  follow(frame: GroupFrame): string | null {
    const fault = this.#faultOf(frame);
    if (fault !== null) return fault;
    this.nextPosition += frame.recordCount;
    this.crc = frame.crc;
    this.epoch = frame.epoch;
    this.durablePosition = frame.durablePosition;
    return null;
  }

  #faultOf(frame: GroupFrame): string | null {
    const { firstPosition, previousCrc, epoch, durablePosition } = frame;
    if (firstPosition !== this.nextPosition) return `expected position ${this.nextPosition}, found ${firstPosition}`;
    if (previousCrc !== this.crc) return 'the group does not continue the one before it: groups were removed or moved';
    if (epoch < this.epoch) return `expected epoch ${this.epoch} or higher, found ${epoch}`;
    if (durablePosition < this.durablePosition || durablePosition >= this.nextPosition) {
      return `expected a durable position from ${this.durablePosition} to ${this.nextPosition - 1}, found ${durablePosition}`;
    }
    return null;
  }
}

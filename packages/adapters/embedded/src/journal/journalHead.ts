/** The chain's hash at a position, found by reading the one segment that holds it. */
import type { FileSystem, JournalHead } from '@oms/ports';
import { nodeFileSystem } from '../files/nodeFileSystem.ts';
import { EMPTY_CHAIN, headOf } from './chainHash.ts';
import { JournalTail } from './journalTail.ts';
import { journalDamaged, listSegments, readSegmentHeader, segmentPath } from './segmentFile.ts';

/**
 * @param position durable, and the last of a group; 0 for the empty journal
 * @throws InfrastructureError JOURNAL_DAMAGED, also when no group ends with the position
 */
export function journalHeadAt(
  directory: string,
  position: number,
  fileSystem: FileSystem = nodeFileSystem,
): JournalHead {
  if (position === 0) return headOf(0, EMPTY_CHAIN.hash);
  // Everything up to it may have been moved away: then the first segment that is left remembers its hash.
  if (listSegments(directory, fileSystem)[0] === position + 1) return headBefore(directory, position + 1, fileSystem);
  const tail = new JournalTail(directory, position, fileSystem);
  try {
    if (tail.next(position) !== null) return headOf(position, tail.hash());
    throw journalDamaged(directory, 0, `expected a group that ends with position ${position}, there is none`);
  } finally {
    tail.close();
  }
}

function headBefore(directory: string, firstPosition: number, fileSystem: FileSystem): JournalHead {
  const file = fileSystem.open(segmentPath(directory, firstPosition), 'read');
  try {
    return headOf(firstPosition - 1, readSegmentHeader(file, firstPosition).previous.hash);
  } finally {
    file.close();
  }
}

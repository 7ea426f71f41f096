/** Writes everything or throws: a write may be short, and going on with the rest is no retry of what failed. */
import type { OpenFile } from '@oms/ports';

function assertProgress(written: number, file: OpenFile): void {
  if (written <= 0) throw new Error(`a write to ${file.path} wrote nothing`);
}

export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(done === 0 ? bytes : bytes.subarray(done), position + done);
    assertProgress(written, file);
    done += written;
  }
}

export function writeAllNow(file: OpenFile, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = file.writeNow(bytes.subarray(done), position + done);
    assertProgress(written, file);
    done += written;
  }
}

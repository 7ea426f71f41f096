/** A process that locks the data directory named on its command line, says so, and waits to be killed. */
import { lockDataDirectory } from '../../src/files/dataDirectoryLock.ts';

try {
  lockDataDirectory(process.argv[2]!);
  process.stdout.write('locked\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${(error as { code: string }).code}\n`);
}

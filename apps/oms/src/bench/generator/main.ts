/** The generator's process: does what the command line says over the channel between them, and ends with it. */
import type { AcknowledgedBits, Instruction, Message } from './generatorMessages.ts';
import { LoadGenerator } from './loadGenerator.ts';

const PROGRESS_MS = 200;

let generator: LoadGenerator | null = null;

const send = (message: Message): void => {
  process.send!(message);
};

async function follow(instruction: Instruction): Promise<unknown> {
  if (instruction.type === 'connect') {
    generator = await LoadGenerator.connect(instruction.options);
    return null;
  }
  if (generator === null) throw new Error('not connected');
  if (instruction.type === 'run') return generator.run(instruction.round, progressSender());
  const { acknowledged } = generator;
  generator.close();
  return { bits: acknowledged.bits, count: acknowledged.count } satisfies AcknowledgedBits;
}

function progressSender(): (sent: number, answered: number) => void {
  let toldAt = 0;
  return (sent, answered) => {
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    send({ type: 'progress', sent, answered });
  };
}

process.on('message', (instruction: Instruction) => {
  if (instruction.type === 'price') {
    generator?.price(instruction.symbols);
    return;
  }
  follow(instruction).then(
    (value) => send({ type: 'done', value }),
    (error: Error) => send({ type: 'failed', message: error.message }),
  );
});
process.once('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group; the command line decides when to end.
process.on('SIGINT', () => {});

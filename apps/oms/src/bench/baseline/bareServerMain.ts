/** The bare server's process: started with what to answer, says where it listens, ends with whoever started it. */
import type { Transport } from '../benchOptions.ts';
import { startBareServer } from './bareServer.ts';

/** The first and only thing it is told. */
export interface BareServerOrder {
  readonly transport: Transport;
  readonly order: string;
}

process.once('message', async ({ transport, order }: BareServerOrder) => {
  const { port } = await startBareServer(transport, order);
  process.send!({ port });
});
process.once('disconnect', () => process.exit());
process.on('SIGINT', () => {});

/**
 * What sign-in costs per order on a WebSocket: the same order API over a house that accepts every order, once without
 * sign-in and once with it, driven by the same orders in alternating rounds. The connections of both carry a token; one
 * server verifies it and asks for every order whether the account is within reach. A third one also has rate limits.
 * Prints the least processor time per order of each and the ratios, as one line of JSON.
 *   node bench/access.ts [orders per round] [rounds]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { MemoryRateLimiter } from '@oms/order-api';
import type { Principal } from '@oms/ports';
import type { Round, RoundDone } from './apiClient.ts';
import { startApi } from './apiHouse.ts';

const ACCOUNTS = Array.from({ length: 1_000 }, (_, i) => `BENCH-${String(i + 1).padStart(4, '0')}`);
const TOKEN = 'the-token';
const REQUESTS = 4_096;

const requests = Array.from({ length: REQUESTS }, (_, i) => {
  const order = {
    clientOrderId: `bench-${process.pid}-${i}`,
    accountId: ACCOUNTS[i % ACCOUNTS.length],
    symbol: 'BTC-USD',
    side: i % 2 === 0 ? 'BUY' : 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: `0.0${(i % 9) + 1}`,
    price: `${49_000 + (i % 2000)}.${10 + (i % 90)}`,
  };
  return `{"id":${i + 1},"op":"order.place","params":${JSON.stringify(order)}}`;
});

const principal: Principal = {
  subject: 'bench',
  name: 'bench',
  roles: ['trader'],
  accounts: ACCOUNTS,
  expiresAt: Number.MAX_SAFE_INTEGER,
  tokenId: 'bench',
};

const verifier = {
  verify: (token: string) => (token === TOKEN ? principal : null),
  isRevoked: () => false,
  close: () => {},
};

const [, , ordersText = '100000', roundsText = '9'] = process.argv;
const client = fork(new URL('./apiClient.ts', import.meta.url));

async function drive(port: number): Promise<number> {
  const before = process.cpuUsage();
  const round: Round = {
    port,
    protocol: 'socket',
    requests,
    connections: 4,
    window: 128,
    total: Number(ordersText),
    token: TOKEN,
  };
  client.send(round);
  const [done] = (await once(client, 'message')) as [RoundDone];
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done.answers;
}

const wide = { quota: 1e12, windowSeconds: 10 };
const ports = {
  withoutSignIn: await startApi(false, {}),
  signedIn: await startApi(false, { access: verifier }),
  signedInWithLimits: await startApi(false, {
    access: verifier,
    rateLimiter: new MemoryRateLimiter({ now: () => Date.now() }, { requests: wide, cancels: wide }),
  }),
};
const names = Object.keys(ports) as (keyof typeof ports)[];
const least: Record<string, number> = {};
for (let round = 0; round <= Number(roundsText); round++) {
  for (const name of names) {
    const usPerOrder = await drive(ports[name]);
    // The first round of each warms up.
    if (round > 0) least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, usPerOrder);
  }
}
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const result = {
  ...Object.fromEntries(names.map((name) => [`${name}UsPerOrder`, rounded(least[name]!)])),
  signInRatio: rounded(least.signedIn! / least.withoutSignIn!),
  signInWithLimitsRatio: rounded(least.signedInWithLimits! / least.withoutSignIn!),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

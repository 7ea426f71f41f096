/** Doses of racing orders: very many at once, over several connections, exactly at a limit. */
import { Api, eventually } from '../system/support/api.ts';
import { BreachError, ClientRecord } from './clientRecord.ts';
import { inLife, type Life } from './life.ts';
import { type Random, seededRandom } from './seededRandom.ts';

const ORDERS = 1_000;
const IN_FLIGHT = 500;

/** What each order takes of a limit, and which refusal is the right one. */
const LIMITS = [
  { code: 'OPEN_ORDERS_EXCEED_LIMIT', limitsFor: (count: number) => ({ openOrdersMax: count }) },
  { code: 'OPEN_NOTIONAL_EXCEEDS_LIMIT', limitsFor: (count: number) => ({ openNotionalMax: String(count * 30) }) },
  { code: 'POSITION_EXCEEDS_LIMIT', limitsFor: (count: number) => ({ positionQuantityMax: `${count / 1_000}` }) },
] as const;
const RESTING = { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', quantity: '0.001', price: '30000' } as const;

/** `races` on as many accounts of one server; then the verifier looks at every position of the journal (I7). */
export function riskRaces(seed: number, races: number): Promise<void> {
  return inLife(
    async (life) => {
      const record = new ClientRecord();
      await life.start();
      const api = new Api(life.address);
      await eventually(async () => {
        if (!((await api.top()).ask > 0)) throw new Error('no market yet');
      });
      for (let race = 0; race < races; race++) {
        const accountId = `BENCH-${String(race + 1).padStart(4, '0')}`;
        await runRace(life, api, record, accountId, seededRandom(seed + race));
      }
      await life.check(record);
    },
    { accounts: races },
  );
}

async function runRace(life: Life, api: Api, record: ClientRecord, accountId: string, random: Random): Promise<void> {
  const allowed = random.below(ORDERS);
  const { code, limitsFor } = LIMITS[random.below(LIMITS.length)]!;
  const changed = await api.call('PUT', `/v1/accounts/${accountId}/limits`, limitsFor(allowed));
  if (changed.status !== 200) throw new Error(`limits: ${JSON.stringify(changed.body)}`);
  const orders = Array.from({ length: ORDERS }, (_, i) =>
    record.send('order.place', { ...RESTING, accountId, clientOrderId: `${accountId}-${i}` }),
  );
  const queue = orders.values();
  await life.ask(record, () => queue.next().value, IN_FLIGHT);
  const accepted = orders.filter(({ told }) => told !== null && !told.includes(' ')).length;
  const refused = orders.filter(({ told }) => told?.endsWith(` ${code}`)).length;
  if (accepted === allowed && refused === ORDERS - allowed) return;
  throw new BreachError(`I7: ${code}: ${allowed} were allowed, ${accepted} accepted, ${refused} refused for it`);
}

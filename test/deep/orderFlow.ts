/** The requests of a trading client, one after the other: resting, trading and wrong orders, cancels and replaces. */
import type { ClientRecord, Sent } from './clientRecord.ts';

export const ACCOUNTS = ['BENCH-0001', 'BENCH-0002', 'BENCH-0003'] as const;
/** Cancels and replaces are for orders placed so many requests before: most of them are answered by then. */
const LOOK_BACK = 40;

/** The next request of the record, by its number: the same record always goes on the same way. */
export function nextRequest(record: ClientRecord): Sent {
  const number = record.sent.length;
  const earlier = record.sent[number - LOOK_BACK];
  if (number % 7 === 6 && earlier?.op === 'order.place' && earlier.told !== null && !earlier.told.includes(' ')) {
    const orderId = earlier.told;
    return number % 2 === 0
      ? record.send('order.cancel', { clientOrderId: `c-${number}`, orderId })
      : record.send('order.replace', { clientOrderId: `r-${number}`, orderId, quantity: '0.002' });
  }
  return record.send('order.place', placeParams(number));
}

function placeParams(number: number): Sent['params'] {
  const side = number % 2 === 0 ? 'BUY' : 'SELL';
  const accountId = ACCOUNTS[number % ACCOUNTS.length]!;
  const base = { clientOrderId: `k-${number}`, accountId, symbol: 'BTC-USD', side, quantity: '0.001' };
  if (number % 11 === 0) return { ...base, type: 'LIMIT', price: '30000.001' };
  if (number % 3 === 0) return { ...base, type: 'MARKET' };
  return { ...base, type: 'LIMIT', price: side === 'BUY' ? '30000' : '60000' };
}

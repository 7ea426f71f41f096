/** The checker finds what it is there for: a record that does not agree with the journal, in every way it can. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientRecord, checkRecord, type Sent } from './clientRecord.ts';
import { Life } from './life.ts';
import { nextRequest } from './orderFlow.ts';

const REQUESTS = 120;

describe('the check of a record against the journal', () => {
  let life: Life;
  let record: ClientRecord;

  beforeAll(async () => {
    life = new Life();
    record = new ClientRecord();
    await life.start();
    await life.ask(record, () => (record.sent.length < REQUESTS ? nextRequest(record) : undefined));
    await life.check(record);
  });
  afterAll(() => life.finish());

  const accepted = (op: Sent['op']) => record.sent.findIndex((sent) => sent.op === op && /^\S+$/.test(sent.told ?? ''));
  const changed = (index: number, changes: Partial<Sent>): ClientRecord => {
    const copy = new ClientRecord();
    copy.sent.push(...record.sent.map((sent, i) => (i === index ? { ...sent, ...changes } : { ...sent })));
    return copy;
  };
  const paramsOf = (index: number, changes: object) => ({ params: { ...record.sent[index]!.params, ...changes } });

  it('has nothing to say when they agree', async () => {
    expect(record.unanswered()).toEqual([]);
    expect(await checkRecord(life.dataDirectory, record)).toEqual([]);
  });

  it.each([
    [
      'an acknowledged order that is missing',
      'order.place',
      { clientOrderId: 'never' },
      /^I1: never, told .* is missing/,
    ],
    ['an order that nobody sent', 'order.place', { clientOrderId: 'never' }, /^I2: nobody sent the order/],
    ['another quantity', 'order.place', { quantity: '0.003' }, /^I1: .* was sent with quantity 0.003, kept/],
    ['another side', 'order.place', { side: 'NEITHER' }, /^I1: .* was sent with side NEITHER/],
    [
      'a cancel that is missing',
      'order.cancel',
      { clientOrderId: 'never' },
      /^I1: order.cancel never, told .* is missing/,
    ],
    ['a replace of another order', 'order.replace', { orderId: 'o-none' }, /^I1: order.replace .* was for o-none/],
    ['a request that nobody sent', 'order.cancel', { clientOrderId: 'never' }, /^I2: nobody sent the request/],
  ] as const)('finds %s', async (_, op, changes, says) => {
    const index = accepted(op);
    const breaches = await checkRecord(life.dataDirectory, changed(index, paramsOf(index, changes)));
    expect(breaches).toContainEqual(expect.stringMatching(says));
  });

  it('finds an order told under another id, and a refusal that was none', async () => {
    const index = accepted('order.place');
    const other = await checkRecord(life.dataDirectory, changed(index, { told: 'o-other' }));
    expect(other).toEqual([expect.stringMatching(/^I1: .* was told "o-other", the journal has/)]);
    const refused = await checkRecord(
      life.dataDirectory,
      changed(index, { told: `${record.sent[index]!.told} NO_FUNDS` }),
    );
    expect(refused).toEqual([expect.stringMatching(/^I1: .* was told NO_FUNDS, the journal says accepted/)]);
  });

  it('takes no second outcome', () => {
    const copy = changed(0, {});
    expect(() => copy.answered(copy.sent[0]!, { result: { orderId: 'o-second' } })).toThrow(/^I3: /);
    expect(copy.answered(copy.sent[0]!, { error: { code: 'OVERLOADED' } })).toBe(false);
    expect(copy.answered(copy.sent[0]!, null)).toBe(false);
  });
});

/** What people see: orders, timelines, the verdict of verify, the benchmark, progress; and no colour where none is wanted. */
import type { ExecutionReport, OrderView } from '@oms/domain';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { colorStatus, orderDetails, orderSummary, ordersTable, timeline } from '../src/printing/orderTables.ts';
import { createOutput } from '../src/printing/output.ts';
import { createProgressBar, drawBar } from '../src/printing/progressBar.ts';
import { describeRecovery, printBanner } from '../src/printing/startBanner.ts';
import { printVerifyReport } from '../src/printing/verifyReport.ts';

const plain = pc.createColors(false);
const colored = pc.createColors(true);

const order: OrderView = {
  orderId: 'o-0-12',
  clientOrderId: 'mine-1',
  accountId: 'DEMO-0001',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.5',
  quoteQuantity: null,
  price: '50000.01',
  stopPrice: null,
  triggerSource: null,
  expireTime: null,
  postOnly: true,
  reduceOnly: false,
  tags: ['desk-a'],
  status: 'PARTIALLY_FILLED',
  filledQuantity: '0.2',
  leavesQuantity: '0.3',
  averagePrice: '49999.5',
  fees: [{ currency: 'USD', amount: '1.25' }],
  reason: null,
  pendingRequests: [],
  venueOrderId: 'v-1',
  overfilled: false,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:06.000Z',
  version: 4,
};
const reason = {
  source: 'RISK',
  code: 'INSUFFICIENT_BALANCE',
  message: 'not enough',
  details: { available: '3', needed: '7' },
} as const;

const report: ExecutionReport = {
  executionId: 'x1',
  execType: 'TRADE',
  status: 'PARTIALLY_FILLED',
  orderId: 'o-0-12',
  accountId: 'DEMO-0001',
  symbol: 'BTC-USD',
  side: 'BUY',
  clientOrderId: 'mine-1',
  originalClientOrderId: null,
  referenceExecutionId: null,
  quantity: '0.5',
  price: '50000.01',
  stopPrice: null,
  filledQuantity: '0.2',
  leavesQuantity: '0.3',
  lastQuantity: '0.2',
  lastPrice: '49999.5',
  averagePrice: '49999.5',
  fee: '1.25',
  feeCurrency: 'USD',
  liquidity: 'TAKER',
  reason: null,
  sequence: 3,
  time: '2026-01-02T03:04:05.678Z',
};

function recorded(isTTY: boolean, json = false) {
  const written = { out: '', error: '' };
  const output = createOutput(
    {
      out: { write: (text) => (written.out += text), isTTY },
      error: { write: (text) => (written.error += text), isTTY },
    },
    json,
  );
  return { output, written };
}

const OWN_ESCAPE = '\u001b[';

describe('orders', () => {
  it('are one line with what matters', () => {
    expect(orderSummary(order, plain)).toBe(
      'o-0-12  BUY 0.5 BTC-USD LIMIT 50000.01  PARTIALLY_FILLED, filled 0.2 at 49999.5',
    );
  });

  it('tell the reason with its numbers', () => {
    expect(orderSummary({ ...order, status: 'REJECTED', reason }, plain)).toContain(
      'RISK INSUFFICIENT_BALANCE: not enough (available 3, needed 7)',
    );
  });

  it('show what they were asked to spend while the quantity is unknown', () => {
    expect(
      orderSummary({ ...order, quantity: null, quoteQuantity: '500', price: null, type: 'MARKET' }, plain),
    ).toContain('BUY 500 (quote) BTC-USD MARKET');
  });

  it('show every detail that is set, and none that is not', () => {
    const text = orderDetails(order, plain);
    for (const part of ['mine-1', 'desk-a', 'post-only', '1.25 USD', 'leaves 0.3', 'version 4'])
      expect(text).toContain(part);
    for (const part of ['stop price', 'unanswered', 'reduce-only']) expect(text).not.toContain(part);
  });

  it('make a table with a row each, without colours when none are wanted', () => {
    const text = ordersTable([order, { ...order, orderId: 'o-0-13' }], plain);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).not.toContain(OWN_ESCAPE);
    expect(text).toMatch(/o-0-12 +DEMO-0001 +BTC-USD +BUY +LIMIT +0\.5 +50000\.01/);
  });

  it('are coloured by status', () => {
    expect(colorStatus('FILLED', colored)).toContain(OWN_ESCAPE);
    expect(colorStatus('FILLED', colored)).not.toBe(colorStatus('REJECTED', colored).replace('REJECTED', 'FILLED'));
  });
});

describe('the timeline', () => {
  it('has a line per report, with the trade', () => {
    expect(timeline([report], plain)).toBe(
      '  03:04:05.678  TRADE           PARTIALLY_FILLED  filled 0.2, leaves 0.3  0.2 at 49999.5 taker, fee 1.25 USD',
    );
  });

  it('tells the reason under it', () => {
    const canceled = { ...report, execType: 'REJECTED', lastQuantity: null, reason } as const;
    expect(timeline([canceled], plain).split('\n')).toHaveLength(2);
  });

  it('lines up with and without colours', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colour codes are what is taken away
    const bare = timeline([report], colored).replace(/\u001b\[\d+m/g, '');
    expect(bare).toBe(timeline([report], plain));
  });
});

describe('the banner', () => {
  const recovery = { lastPosition: 1234, replayedRecords: 56, cut: { cutBytes: 0 } };

  it('tells where it is and what to try', () => {
    const { output, written } = recorded(false);
    const options = {
      port: 8080,
      host: '127.0.0.1',
      dataDirectory: '/d',
      marketData: 'simulated:7',
      venue: 'manual',
      profile: 'demo',
      role: 'all',
      auth: 'off',
      publicUrl: null,
    } as const;
    printBanner(output, options, { address: 'http://127.0.0.1:8080', recovery, firstSignIn: null }, 420);
    for (const part of [
      'http://127.0.0.1:8080',
      '/d',
      'simulated:7',
      'manual',
      'demo',
      '1,234',
      'curl http://127.0.0.1:8080/v1/',
    ]) {
      expect(written.out).toContain(part);
    }
  });

  it('shows the passwords of a new data directory', () => {
    const { output, written } = recorded(false);
    const options = {
      port: 8080,
      host: '127.0.0.1',
      dataDirectory: '/d',
      marketData: 'simulated',
      venue: 'simulated',
      profile: 'demo',
      role: 'all',
      auth: 'embedded',
      publicUrl: null,
    } as const;
    const firstSignIn = { users: [{ id: 'trader', password: 'abcde-fghij' }] };
    printBanner(output, options, { address: 'http://127.0.0.1:8080', recovery, firstSignIn }, 420);
    expect(written.out).toMatch(/trader +abcde-fghij/);
    expect(written.out).toContain(
      'curl -H "Authorization: Bearer $(npx oms token --data-dir /d)" http://127.0.0.1:8080/v1/',
    );
  });

  it.each([
    [{ ...recovery, lastPosition: 0 }, 'nothing yet: a new journal'],
    [recovery, 'up to position 1,234 (56 records replayed)'],
    [
      { ...recovery, cut: { cutBytes: 17 } },
      'up to position 1,234 (56 records replayed); 17 bytes of an unfinished, unacknowledged write were cut',
    ],
  ])('says what was recovered: %j', (recovered, text) => {
    expect(describeRecovery(recovered)).toBe(text);
  });
});

describe('the verdict of verify', () => {
  const head = { position: 99, hash: '0a'.repeat(32) };
  const check = {
    id: 'I4',
    title: 'no execution twice',
    ok: true,
    checked: 12_345,
    breaches: [],
    excused: ['overfilled by the venue'],
  };

  it('is good news in one table', () => {
    const { output, written } = recorded(false);
    printVerifyReport(
      { ok: true, checks: [check], stateHash: 'abc', lastPosition: 99, head, orders: 3, cut: null },
      output,
    );
    expect(written.out).toContain(`head 99:${head.hash}`);
    expect(written.out).toMatch(/✓ +I4 +no execution twice +12,345 +0/);
    expect(written.out).toContain('abc');
    expect(written.out).toContain('I4 excused: overfilled by the venue');
    expect(written.out).toContain('Everything holds.');
  });

  it('names the breaches, but not thousands of them', () => {
    const breaches = Array.from({ length: 25 }, (_, i) => `breach ${i}`);
    const { output, written } = recorded(false);
    printVerifyReport(
      {
        ok: false,
        checks: [{ ...check, ok: false, breaches }],
        stateHash: '',
        lastPosition: 99,
        head,
        orders: 1,
        cut: null,
      },
      output,
    );
    expect(written.out).toContain('I4 breach 9');
    expect(written.out).not.toContain('breach 10');
    expect(written.out).toContain('and 15 more');
    expect(written.out).toContain('Not everything holds');
  });
});

describe('progress', () => {
  it('draws a bar', () => {
    expect(drawBar('Verifying', 50, 100)).toBe(`Verifying ${'█'.repeat(15)}${'░'.repeat(15)} 50 %`);
    expect(drawBar('x', 5, 0)).toContain('0 %');
    expect(drawBar('x', 7, 5)).toContain('100 %');
  });

  it('shows only after a second, and clears its line', () => {
    const { output, written } = recorded(true);
    let now = 0;
    const bar = createProgressBar(output, 'Verifying', () => now);
    bar.update(1, 10);
    expect(written.error).toBe('');
    now = 1_500;
    bar.update(5, 10);
    now = 1_550;
    bar.update(6, 10);
    expect(written.error.match(/Verifying/g)).toHaveLength(1);
    bar.done();
    expect(written.error.endsWith('\r\u001b[K')).toBe(true);
  });

  it('is silent where nobody watches', () => {
    const { output, written } = recorded(false);
    output.progress('x');
    expect(written.error).toBe('');
  });
});

it('colours nothing in a pipe or with --json', () => {
  expect(recorded(false).output.colors.red('x')).toBe('x');
  expect(recorded(true, true).output.colors.red('x')).toBe('x');
});

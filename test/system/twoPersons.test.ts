/** The two-person rule and the audit trail through the running system: real tokens, journal, read model, restart. */
import { ProgramSignIn } from '@oms/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localProgram } from '../../apps/oms/src/access/localSignIn.ts';
import { type RunningOms, startOms } from '../../apps/oms/src/compose/startOms.ts';
import { removeDirectory, temporaryDirectory, verify } from './support/server.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at member by member
type Json = any;

const WHERE = { port: 0, host: '127.0.0.1', marketData: 'simulated:7', venue: 'simulated', profile: 'demo' } as const;
const dataDirectory = temporaryDirectory();
let oms: RunningOms;

const start = async (): Promise<void> => {
  oms = await startOms({ ...WHERE, dataDirectory, role: 'all', auth: 'embedded' });
};
beforeAll(start);
afterAll(async () => {
  await oms.stop();
  removeDirectory(dataDirectory);
});

async function as(role: 'risk-manager' | 'admin' | 'trader', method: string, path: string, body?: object) {
  const { clientId, clientSecret } = localProgram(dataDirectory, role)!;
  const token = await new ProgramSignIn({ url: oms.address, clientId, clientSecret }).token();
  const answer = await fetch(`${oms.address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

const firmState = async () => (await as('trader', 'GET', '/v1/trading-state')).body.items[0].state;
const change = (state: string) => ({ scope: 'FIRM', state, reason: `to ${state}` });

describe('the two-person rule', () => {
  it('one person halts, two resume, and what was asked survives a restart', async () => {
    expect((await as('risk-manager', 'PUT', '/v1/trading-state', change('HALTED'))).status).toBe(200);
    const asked = await as('risk-manager', 'PUT', '/v1/trading-state', change('ACTIVE'));
    expect(asked).toMatchObject({ status: 202, body: { status: 'PENDING', before: 'HALTED', after: 'ACTIVE' } });
    expect(await firmState()).toBe('HALTED');
    await oms.stop();
    await start();
    const { items } = (await as('admin', 'GET', '/v1/approvals?status=PENDING')).body;
    expect(items).toEqual([asked.body]);
    const path = `/v1/approvals/${asked.body.approvalId}/approve`;
    expect(await as('risk-manager', 'POST', path)).toMatchObject({
      status: 403,
      body: { code: 'SECOND_PERSON_REQUIRED' },
    });
    expect(await as('trader', 'POST', path)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await firmState()).toBe('HALTED');
    const approved = await as('admin', 'POST', path, { reason: 'the venue is back' });
    expect(approved).toMatchObject({ status: 200, body: { status: 'APPROVED', decisionReason: 'the venue is back' } });
    expect(await firmState()).toBe('ACTIVE');
    expect(await as('admin', 'POST', path)).toMatchObject({ status: 409, body: { code: 'APPROVAL_NOT_PENDING' } });
  });

  it('a limit is lowered by one, raised by two, and as it was when nobody agrees', async () => {
    const path = '/v1/accounts/DEMO-0001/limits';
    const limit = async () => (await as('trader', 'GET', path)).body.limits.openOrdersMax;
    expect((await as('risk-manager', 'PUT', path, { openOrdersMax: 5 })).status).toBe(200);
    const raised = await as('risk-manager', 'PUT', path, { openOrdersMax: 6 });
    expect(raised).toMatchObject({ status: 202, body: { before: { openOrdersMax: 5 }, after: { openOrdersMax: 6 } } });
    const rejected = await as('admin', 'POST', `/v1/approvals/${raised.body.approvalId}/reject`, { reason: 'no' });
    expect(rejected).toMatchObject({ status: 200, body: { status: 'REJECTED' } });
    expect(await limit()).toBe(5);
    expect(await as('admin', 'POST', '/v1/approvals/none/approve')).toMatchObject({ status: 404 });
  });
});

describe('the audit trail', () => {
  const search = async (query: string) => (await as('admin', 'GET', `/v1/audit?${query}`)).body.items as Json[];

  it('tells every step, who, from where, before and after', async () => {
    const [halted] = await search('action=TRADING_STATE_CHANGED&limit=2').then((items) => items.slice(-1));
    expect(halted).toMatchObject({ before: { state: 'ACTIVE' }, after: { state: 'HALTED' } });
    const [requested] = await search('action=TRADING_STATE_CHANGE_REQUESTED');
    const [approved] = await search('action=APPROVAL_APPROVED');
    expect(approved.after.approvalId).toBe(requested.after.approvalId);
    expect(approved.actor).not.toBe(requested.actor);
    const privileged = await search(`action=PRIVILEGED_REQUEST&actor=${requested.actor}`);
    expect(privileged.map(({ address }) => address)).toEqual(privileged.map(() => '127.0.0.1'));
    expect(privileged.map(({ after }) => after.operation)).toContain('changeTradingState');
    expect((await search('action=TOKEN_ISSUED'))[0]).toMatchObject({
      address: '127.0.0.1',
      after: { outcome: 'ALLOWED' },
    });
  });

  it('is searched by time and account, page by page', async () => {
    const all = await search('limit=1000');
    const middle = all[Math.floor(all.length / 2)].time;
    const since = await search(`from=${middle}&limit=1000`);
    const before = await search(`to=${middle}&limit=1000`);
    const idsOf = (items: Json[]) => items.map(({ auditId }) => auditId);
    expect(idsOf(since)).toEqual(expect.arrayContaining(idsOf(all.filter(({ time }) => time >= middle))));
    expect(idsOf(before)).toEqual(idsOf(all.filter(({ time }) => time < middle)));
    expect(since.every(({ time }) => time >= middle) && before.length > 0).toBe(true);
    expect((await search('accountId=DEMO-0001&action=LIMITS_CHANGED')).length).toBe(1);
    const { body } = await as('admin', 'GET', '/v1/audit?limit=1');
    const next = await as('admin', 'GET', `/v1/audit?limit=1&cursor=${encodeURIComponent(body.nextCursor)}`);
    expect(next.body.items[0].auditId).not.toBe(body.items[0].auditId);
  });

  it('holds no secret', async () => {
    const text = JSON.stringify(await search('limit=1000'));
    for (const role of ['risk-manager', 'admin', 'trader'] as const) {
      expect(text).not.toContain(localProgram(dataDirectory, role)!.clientSecret);
    }
    expect(text).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/);
  });

  it('and everything else the journal says of it holds for the independent check', async () => {
    await oms.stop();
    const { code, report, error } = await verify(dataDirectory);
    expect(code, JSON.stringify(report ?? error)).toBe(0);
    await start();
  });
});

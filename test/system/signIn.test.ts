/**
 * Sign-in as a whole process has it: the first start makes it, the command line uses it, the API asks for it, and it
 * survives a restart. The issuer's own rules are tested where it is; here is what only the composition can get wrong.
 */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramSignIn } from '@oms/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localProgram } from '../../apps/oms/src/access/localSignIn.ts';
import { startOms } from '../../apps/oms/src/compose/startOms.ts';
import { OmsProcess, removeDirectory, temporaryDirectory } from './support/server.ts';

const ON = { OMS_AUTH: 'embedded' };

function newDirectory(): string {
  const directory = temporaryDirectory();
  onTestFinished(() => removeDirectory(directory));
  return directory;
}

async function start(directory: string) {
  const server = new OmsProcess(['start', '--port', '0', '--data-dir', directory, '--json'], ON);
  return { server, ready: (await server.ready()) as unknown as Record<string, unknown> & { readonly address: string } };
}

async function startHere(dataDirectory: string, auth: 'embedded' | 'off' = 'embedded') {
  const where = { port: 0, host: '127.0.0.1', dataDirectory, role: 'all' };
  const oms = await startOms({ ...where, marketData: 'simulated:7', venue: 'simulated', profile: 'demo', auth });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await oms.stop();
    stopped = true;
  };
  onTestFinished(stop);
  return { ...oms, stop };
}

const accounts = (address: string, token: string | undefined) =>
  fetch(`${address}/v1/accounts`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

function programOf(address: string, directory: string, role: 'trader' | 'admin' = 'trader'): ProgramSignIn {
  const { clientId, clientSecret } = localProgram(directory, role)!;
  return new ProgramSignIn({ url: address, clientId, clientSecret });
}

describe('the first start', () => {
  it('shows passwords once, and the command line gets in', async () => {
    const directory = newDirectory();
    const first = await start(directory);
    expect(first.ready.firstSignIn).toMatchObject({ users: { length: 5 } });
    expect(first.ready.auth).toBe('embedded');
    const arguments_ = ['token', '--role', 'trader', '--server', first.ready.address, '--data-dir', directory];
    const command = new OmsProcess([...arguments_, '--json'], {});
    const { code, out } = await command.ended;
    expect(code).toBe(0);
    const { accessToken, expiresAt } = JSON.parse(out);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    expect((await accounts(first.ready.address, accessToken)).status).toBe(200);
    expect((await accounts(first.ready.address, undefined)).status).toBe(401);
    expect((await accounts(first.ready.address, `${accessToken.slice(0, -6)}AAAAAA`)).status).toBe(401);
    first.server.child.kill('SIGKILL');
    await first.server.ended;
    const second = await start(directory);
    expect(second.ready.firstSignIn).toBeNull();
    expect((await programOf(second.ready.address, directory).signIn())?.accessToken).toEqual(expect.any(String));
  });
});

describe('in one process', () => {
  it('the API knows at once of a token that was taken back', async () => {
    const directory = newDirectory();
    const oms = await startHere(directory);
    const program = programOf(oms.address, directory);
    const token = (await program.token())!;
    expect((await accounts(oms.address, token)).status).toBe(200);
    const { clientId, clientSecret } = localProgram(directory, 'trader')!;
    const revoked = await fetch(`${oms.address}/oauth2/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ token }),
    });
    expect(revoked.status).toBe(200);
    expect((await accounts(oms.address, token)).status).toBe(401);
    program.refused(token);
    expect((await accounts(oms.address, await program.token())).status).toBe(200);
  });

  it('bodies of the issuer are its own, those of the API stay strict JSON', async () => {
    const directory = newDirectory();
    const { address } = await startHere(directory);
    const headers = { authorization: `Bearer ${await programOf(address, directory).token()}` };
    const form = await fetch(`${address}/v1/orders`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ a: 'b' }),
    });
    expect(form.status).toBe(415);
    const json = await fetch(`${address}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"grant_type":"client_credentials"}',
    });
    expect(json.status).toBe(400);
    const large = await fetch(`${address}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'b'.repeat(100_000) }),
    });
    expect(large.status).toBe(400);
    expect(large.headers.get('x-request-id')).toEqual(expect.any(String));
  });

  it('a trader sees what the token names, and without sign-in everybody sees everything', async () => {
    const directory = newDirectory();
    const signedIn = await startHere(directory);
    const token = await programOf(signedIn.address, directory).token();
    const own = (await (await accounts(signedIn.address, token)).json()) as { readonly items: readonly object[] };
    expect(own.items).toHaveLength(4);
    await signedIn.stop();
    const open = await startHere(directory, 'off');
    const all = (await (await accounts(open.address, undefined)).json()) as { readonly items: readonly object[] };
    expect(all.items).toHaveLength(5);
    expect(await programOf(open.address, directory).signIn()).toBeNull();
  });

  it('a file that others may read stops the start, and leaves the directory usable', async () => {
    const directory = newDirectory();
    await (await startHere(directory)).stop();
    const file = join(directory, 'identity.json');
    chmodSync(file, 0o644);
    await expect(startHere(directory)).rejects.toMatchObject({ code: 'IDENTITY_FILE_UNUSABLE' });
    chmodSync(file, 0o600);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    await startHere(directory);
  });
});

/** Mutated HTTP requests and WebSocket frames against the whole system: every answer right, nothing refused had effect. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FuzzServer } from './fuzzServer.ts';
import { HttpDoses } from './httpDoses.ts';
import { dosed } from './seeds.ts';
import { SocketDoses } from './socketDoses.ts';

let server: FuzzServer;
let http: HttpDoses;
let sockets: SocketDoses;

beforeAll(async () => {
  server = await FuzzServer.start();
  http = new HttpDoses(server);
  sockets = new SocketDoses(server);
});

afterAll(async () => {
  http.close();
  sockets.close();
  await server.stop();
});

it('mutated HTTP requests', async () => {
  expect((await dosed(1_000, (seed) => http.dose(seed))).complaints).toEqual([]);
  expect(await http.isAlive()).toBe(true);
});

it('mutated WebSocket frames', async () => {
  expect((await dosed(1_000, (seed) => sockets.dose(seed))).complaints).toEqual([]);
  expect(await http.isAlive()).toBe(true);
});

it('nothing of it polluted what all objects share', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

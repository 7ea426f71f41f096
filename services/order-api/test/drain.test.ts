/** Stopping waits for answers that are due, and for nobody who merely keeps a connection open. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { apiUnderTest } from './support/apiUnderTest.ts';

it('does not wait for connections in reserve, neither used ones nor such that never were', async () => {
  const test = apiUnderTest();
  const port = await test.listen();
  const unused = connect(port, '127.0.0.1');
  await once(unused, 'connect');
  const kept = connect(port, '127.0.0.1');
  kept.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(kept, 'data');
  const gone = Promise.all([once(unused.resume(), 'close'), once(kept.resume(), 'close')]);
  // Longer than that they would be kept alive: the test would time out.
  await test.api.close();
  await gone;
  expect(unused.destroyed && kept.destroyed).toBe(true);
});

/** The house this page belongs to: one REST client and one stream, shared by all panels. */
import { OmsClient, OmsStream } from '@oms/client';
import { connectionStore } from './connectionStore.ts';
import { session } from './session.ts';

const url = window.location.origin;
const credentials = session.token === undefined ? {} : { token: session.token };

export const client = new OmsClient({ url, ...credentials });

export const stream = new OmsStream({
  url,
  ...credentials,
  idleMs: 5_000,
  onState: (state, detail) => connectionStore.getState().changed(state, detail),
});

const PING_MS = 2_000;

/** Measures the way to the server and back; a page in the background does not need it. */
setInterval(async () => {
  if (stream.state !== 'CONNECTED' || document.hidden) return;
  const sentAt = performance.now();
  try {
    await stream.ping();
    connectionStore.getState().answered(performance.now() - sentAt);
  } catch {
    // The connection is gone; its state says so.
  }
}, PING_MS);

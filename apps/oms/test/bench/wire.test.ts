/** The generator's own WebSocket and HTTP against the real libraries, and its readers against every way to cut a stream. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Answer } from '../../src/bench/generator/answer.ts';
import { BatchProtocol } from '../../src/bench/generator/batchProtocol.ts';
import { Connection } from '../../src/bench/generator/connection.ts';
import { endOfObject, Needle } from '../../src/bench/generator/findBytes.ts';
import { takeResponse } from '../../src/bench/generator/httpMessages.ts';
import { MessageAssembler, type TakeMessage } from '../../src/bench/generator/messageAssembler.ts';
import { Outgoing } from '../../src/bench/generator/outgoing.ts';
import { OPCODE, putFrameHeader, takeFrame } from '../../src/bench/generator/webSocketFrames.ts';
import { mixOf, orderJson, textsOf } from './parts.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Everything that `take` tells of the stream when it arrives cut at `cuts`. */
function assembled(stream: Buffer, cuts: readonly number[], createTake: (told: string[]) => TakeMessage): string[] {
  const told: string[] = [];
  const assembler = new MessageAssembler(createTake(told));
  // The receiving buffer is used again, as the connection does.
  const receiving = Buffer.alloc(stream.length);
  const ends = [...cuts, stream.length];
  ends.forEach((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1]!;
    stream.copy(receiving, 0, start, end);
    assembler.push(receiving, end - start);
    receiving.fill(0xee);
  });
  return told;
}

/** Frames that the real library sends. */
async function framesOf(messages: readonly string[]): Promise<Buffer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  closers.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) =>
    socket.on('data', (chunk) => chunks.push(chunk)).on('close', () => resolve()),
  );
  server.on('connection', (peer) => {
    for (const message of messages) peer.send(message);
    peer.terminate();
  });
  socket.write(
    'GET / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await ended;
  const all = Buffer.concat(chunks);
  return all.subarray(all.indexOf('\r\n\r\n') + 4);
}

describe('frames of the server', () => {
  const take = (told: string[]): TakeMessage => {
    const onFrame = (opcode: number, bytes: Buffer, start: number, end: number) =>
      void told.push(`${opcode} ${bytes.toString('utf8', start, end)}`);
    return (bytes, start, end) => takeFrame(bytes, start, end, onFrame);
  };

  it('are read whole, cut at any byte, and byte by byte', async () => {
    const messages = ['', 'a', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(700), '{"id":1}'];
    const stream = await framesOf(messages);
    const expected = messages.map((message) => `${OPCODE.TEXT} ${message}`);
    for (let cut = 0; cut <= stream.length; cut++) expect(assembled(stream, [cut], take)).toEqual(expected);
    expect(
      assembled(
        stream,
        Array.from({ length: stream.length }, (_, i) => i),
        take,
      ),
    ).toEqual(expected);
  });

  it('may be longer than 65,535 bytes', async () => {
    const messages = ['w'.repeat(70_000), 'v'.repeat(65_536), 'u'];
    const stream = await framesOf(messages);
    const cuts = [1, 2, 9, 10, 11, 65_536, 70_009, 70_010, 70_011];
    expect(assembled(stream, cuts, take)).toEqual(messages.map((message) => `${OPCODE.TEXT} ${message}`));
  });

  it.each([
    ['masked', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]), 'masks'],
    ['the first of several', Buffer.from([0x01, 0x01, 0x61]), 'fragments'],
    ['a continuation', Buffer.from([0x80, 0x01, 0x61]), 'fragments'],
  ])('are refused when %s', (_, bytes, why) => {
    expect(() => assembled(bytes, [], take)).toThrow(why);
  });
});

describe('requests over WebSocket', () => {
  it('are read by the real library as they were meant, of all lengths', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    closers.push(() => server.close());
    const lengths = [0, 1, 125, 126, 127, 5_000, 65_535];
    const received: string[] = [];
    const done = new Promise<void>((resolve) =>
      server.on('connection', (peer) =>
        peer.on('message', (data, isBinary) => {
          received.push(`${isBinary} ${data.toString()}`);
          if (received.length === lengths.length) resolve();
        }),
      ),
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { WebSocketProtocol } = await import('../../src/bench/generator/webSocketProtocol.ts');
    let outgoing = new Outgoing();
    const connection = await Connection.open({
      host: '127.0.0.1',
      port,
      createProtocol: (out, onReady) => {
        outgoing = out;
        return new WebSocketProtocol({ out, texts: textsOf(), host: 'a', onAnswer: () => {}, onReady });
      },
      onBytes: () => {},
      onLost: () => {},
    });
    closers.push(() => connection.close());
    for (const length of lengths) {
      putFrameHeader(outgoing, OPCODE.TEXT, length);
      outgoing.put(Buffer.alloc(length, 'q'));
    }
    connection.flush();
    await done;
    expect(received).toEqual(lengths.map((length) => `false ${'q'.repeat(length)}`));
    expect(() => putFrameHeader(outgoing, OPCODE.TEXT, 65_536)).toThrow(RangeError);
  });
});

describe('responses', () => {
  const take = (told: string[]): TakeMessage => {
    return (bytes, start, end) =>
      takeResponse(bytes, start, end, (status, body, from, to) => {
        told.push(`${status} ${body.toString('utf8', from, to)}`);
      });
  };

  it('of a real server are read, pipelined and cut at any byte', async () => {
    const bodies = ['', '{}', `{"a":"${'x'.repeat(200)}"}`];
    const server = createServer((request, response) => {
      const body = bodies[Number(request.url!.slice(1))]!;
      response.writeHead(body === '' ? 503 : 201, { 'Content-Length': body.length }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { connect } = await import('node:net');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const ended = new Promise<void>((resolve) =>
      socket.on('data', (chunk) => chunks.push(chunk)).on('close', () => resolve()),
    );
    socket.write('GET /0 HTTP/1.1\r\nhost: a\r\n\r\nGET /1 HTTP/1.1\r\nhost: a\r\n\r\n');
    socket.write('GET /2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await ended;
    const stream = Buffer.concat(chunks);
    const expected = ['503 ', '201 {}', `201 ${bodies[2]}`];
    for (let cut = 0; cut <= stream.length; cut++) expect(assembled(stream, [cut], take)).toEqual(expected);
  });

  it.each(['content-length: 2', 'Content-Length:2', 'CONTENT-LENGTH:   2'])('may say %s', (line) => {
    expect(assembled(Buffer.from(`HTTP/1.1 200 OK\r\nx-content-length: 9\r\n${line}\r\n\r\n{}`), [], take)).toEqual([
      '200 {}',
    ]);
  });

  it('must say how long they are', () => {
    const stream = Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n');
    expect(() => assembled(stream, [], take)).toThrow('how long');
  });
});

describe('answers', () => {
  const read = (text: string) => {
    const answer = new Answer();
    const padded = Buffer.from(`##${text}##`);
    answer.readFrame(padded, 2, padded.length - 2);
    const { number, errorCode, traded, resting, orderIdStart, orderIdEnd } = answer;
    return { number, errorCode, traded, resting, id: answer.bytes.toString('utf8', orderIdStart, orderIdEnd) };
  };

  it.each([
    [`{"id":17,"result":${orderJson('o-0-9', 'NEW')}}`, { number: 17, traded: false, resting: true, id: 'o-0-9' }],
    [`{"id":0,"result":${orderJson('o-0-9', 'FILLED')}}`, { number: 0, traded: true, resting: false }],
    [`{"id":5,"result":${orderJson('o-0-9', 'PARTIALLY_FILLED')}}`, { number: 5, traded: true, resting: false }],
    [`{"id":5,"result":${orderJson('o-0-9', 'PENDING_REPLACE')}}`, { traded: false, resting: true }],
    [`{"id":5,"result":${orderJson('o-0-9', 'PENDING_CANCEL')}}`, { traded: false, resting: false }],
    [`{"id":5,"result":${orderJson('o-0-9', 'PENDING_NEW')}}`, { traded: false, resting: false }],
    ['{"id":6,"error":{"code":"OVERLOADED","status":503}}', { number: 6, errorCode: 'OVERLOADED', id: '' }],
    [`{"result":${orderJson('o-0-9', 'FILLED')},"id":9}`, { number: 9, errorCode: null, traded: true, id: 'o-0-9' }],
    ['{"channel":"system","sequence":1,"data":{}}', { number: -1 }],
    ['{"id":null,"error":{"code":"MALFORMED_JSON"}}', { number: -1 }],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it('of a batch are told one by one, whatever is in their texts', () => {
    const told: string[] = [];
    const out = new Outgoing();
    const options = { out, texts: textsOf(), host: 'a', onReady: () => {} };
    const protocol = new BatchProtocol({
      ...options,
      onAnswer: ({ number, errorCode, traded }) => void told.push(`${number} ${errorCode} ${traded}`),
    });
    const mix = mixOf();
    const send = (numbers: readonly number[]) => {
      for (const number of numbers) {
        mix.pick(number);
        protocol.put(mix, number);
      }
      protocol.finish();
    };
    send([10_000_000, 10_000_001, 10_000_002]);
    send([10_000_003, 10_000_004]);
    const sent = out.bytes.toString('latin1', 0, out.length);
    const bodies = sent.split(/POST [\s\S]*?\r\n\r\n/).slice(1);
    expect(bodies.map((body) => JSON.parse(body).orders.length)).toEqual([3, 2]);
    const problem = JSON.stringify({ error: { detail: 'a "}{" \\" b', code: 'UNKNOWN_ACCOUNT' } });
    const results = `{"results":[{"order":${orderJson('o-0-1', 'NEW')}},${problem},{"order":${orderJson('o-0-2', 'FILLED')}}]}`;
    const refusal = '{"status":503,"code":"OVERLOADED"}';
    const stream = Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-length: ${results.length}\r\n\r\n${results}HTTP/1.1 503 X\r\ncontent-length: ${refusal.length}\r\n\r\n${refusal}`,
    );
    assembled(stream, [100, 300], () => (bytes, start, end) => protocol.take(bytes, start, end));
    expect(told).toEqual([
      '10000000 null false',
      '10000001 UNKNOWN_ACCOUNT false',
      '10000002 null true',
      '10000003 OVERLOADED false',
      '10000004 OVERLOADED false',
    ]);
  });
});

describe('finding bytes', () => {
  it('agrees with indexOf within bounds', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"'), maxLength: 40 });
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', '"'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(text, needle, fc.nat(40), fc.nat(40), (haystack, wanted, a, b) => {
        const [start, end] = [Math.min(a, b, haystack.length), Math.min(Math.max(a, b), haystack.length)];
        const index = haystack.slice(start, end).indexOf(wanted);
        const expected = index === -1 ? -1 : start + index + wanted.length;
        expect(new Needle(wanted).endIn(Buffer.from(haystack), start, end)).toBe(expected);
      }),
    );
  });

  it('finds the end of any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const bytes = Buffer.from(`${JSON.stringify(object)},{"next":1}`);
        expect(endOfObject(bytes, 0, bytes.length)).toBe(Buffer.byteLength(JSON.stringify(object)));
      }),
    );
  });
});

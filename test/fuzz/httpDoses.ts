/**
 * One dose of malformed HTTP: a valid request of any route with something wrong in its body, query, path, headers,
 * method or bytes. Whatever it is, the answer keeps the rules, and a refusal has changed nothing.
 */
import { type OperationId, ROUTES, type RouteDefinition } from '@oms/api-contract';
import { complaintOn, complaintOnSuccess, isRefused } from './answerRules.ts';
import { EVIL_NAMES, EVIL_TEXTS } from './evilValues.ts';
import { FuzzRandom } from './fuzzRandom.ts';
import type { FuzzServer } from './fuzzServer.ts';
import { HttpWire, takeAnswer, type WireAnswer } from './httpWire.ts';
import { insistent, MOVED } from './insistent.ts';
import { mutatedBytes, mutatedJson } from './mutations.ts';
import { VALID_REQUESTS } from './validRequests.ts';

interface FuzzedRequest {
  readonly route: RouteDefinition;
  method: string;
  path: string;
  query: string;
  headers: [name: string, value: string][];
  body: Uint8Array | null;
  /** Whether it may reach another route than its own. */
  strayed: boolean;
}

/** One dose in so many is bytes that are off, on a connection of their own. */
const RAW_ONE_IN = 6;

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'CONNECT',
  'LOCK',
];

const EVIL_HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'Content-Type',
    ['', 'text/plain', 'application/json; charset=utf-16', 'application/jsonp', 'a/b', '*/*', 'json', ';', '/'],
  ],
  [
    'Content-Type',
    ['application/json;;', 'APPLICATION/JSON', 'multipart/form-data', 'application/x-www-form-urlencoded'],
  ],
  ['Content-Encoding', ['gzip', 'br', 'identity', 'x']],
  ['X-Request-Id', ['ok-1', 'x'.repeat(128), 'x'.repeat(129), '<script>', '', 'a b', '\xe9', '__proto__', '{"a":1}']],
  ['Accept', ['text/html', 'x', '']],
  ['Accept-Encoding', ['gzip;q=-1', '*']],
  ['Expect', ['100-continue', 'the-unexpected']],
  ['Upgrade', ['websocket', 'h2c', 'TLS/1.0']],
  ['Connection', ['Upgrade', 'close', 'keep-alive, x', 'Content-Length']],
  ['Sec-WebSocket-Key', ['x', 'dGhlIHNhbXBsZSBub25jZQ==']],
  ['Sec-WebSocket-Version', ['13', '12', '-1']],
  ['Authorization', ['Bearer', 'Bearer x', 'Basic eDp5', `Bearer ${'x'.repeat(9_000)}`]],
  ['Cookie', ['a=b; '.repeat(500), '__proto__=x']],
  ['Origin', ['null', 'http://evil.example', '%', 'http://']],
  ['Host', ['', 'evil.example', 'a b', 'x'.repeat(5_000)]],
  ['X-HTTP-Method-Override', ['DELETE']],
  ['X-Forwarded-For', ['127.0.0.1, x', '\xff']],
  ['Range', ['bytes=0-0', 'bytes=-']],
  ['If-None-Match', ['*']],
  ['If-Modified-Since', ['never']],
  ['__proto__', ['x']],
  ['constructor', ['x']],
];

/** As a request line can carry it: nothing but printable ASCII without spaces. */
const inLine = (text: string): string =>
  text.toWellFormed().replace(/[^!-~]/gu, (character) => encodeURIComponent(character));

function validRequest(random: FuzzRandom): FuzzedRequest {
  const operation = random.pick(Object.keys(ROUTES) as OperationId[]);
  const route: RouteDefinition = ROUTES[operation];
  const { params = {}, query = {}, body } = VALID_REQUESTS[operation](random);
  return {
    route,
    method: route.method,
    path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name]!),
    query: new URLSearchParams(query).toString(),
    headers: body === undefined ? [] : [['Content-Type', 'application/json']],
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
    strayed: false,
  };
}

type RequestMutation = (request: FuzzedRequest, random: FuzzRandom) => void;

const changeBody: RequestMutation = (request, random) => {
  if (request.body === null) {
    request.body = Buffer.from('{}');
    request.headers.push(['Content-Type', 'application/json']);
    return;
  }
  const value: unknown = JSON.parse(Buffer.from(request.body).toString());
  request.body = Buffer.from(mutatedJson(value, random));
  if (random.oneIn(6)) request.body = mutatedBytes(request.body, random);
};

const changeQuery: RequestMutation = (request, random) => {
  const parts = request.query === '' ? [] : request.query.split('&');
  const evil = () => `${inLine(random.pick(EVIL_NAMES))}=${inLine(random.pick(EVIL_TEXTS))}`;
  const at = random.below(parts.length + 1);
  switch (random.below(4)) {
    case 0:
      parts.splice(at, 1);
      break;
    case 1:
      parts.push(parts[at] ?? evil());
      break;
    case 2:
      parts.push(evil());
      break;
    default:
      parts[at] = `${(parts[at] ?? 'limit').split('=', 1)[0]}=${inLine(random.pick(EVIL_TEXTS))}`;
  }
  request.query = parts.join('&');
};

const changePath: RequestMutation = (request, random) => {
  const parts = request.path.split('/');
  const at = 1 + random.below(parts.length);
  parts[at] = inLine(random.pick(EVIL_TEXTS));
  request.path = parts.join('/');
  request.strayed = true;
};

const changeHeaders: RequestMutation = (request, random) => {
  const [name, values] = random.pick(EVIL_HEADERS);
  const others = random.oneIn(3) ? request.headers : request.headers.filter(([other]) => other !== name);
  request.headers = [...others, [name, random.pick(values)]];
};

const changeMethod: RequestMutation = (request, random) => {
  request.method = random.pick(METHODS);
  request.strayed = true;
};

const MUTATIONS = [
  changeBody,
  changeBody,
  changeBody,
  changeQuery,
  changeQuery,
  changePath,
  changeHeaders,
  changeMethod,
];

/** Once its body is mutated it is no JSON any more to be mutated again. */
function mutate(request: FuzzedRequest, random: FuzzRandom): void {
  const mutations = new Set(Array.from({ length: 1 + random.below(2) }, () => random.pick(MUTATIONS)));
  for (const mutation of mutations) mutation(request, random);
}

function bytesOf({ method, path, query, headers, body }: FuzzedRequest): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const host = headers.some(([name]) => name === 'Host') ? '' : 'Host: fuzz\r\n';
  const length = body === null ? '' : `Content-Length: ${body.length}\r\n`;
  const head = `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n${host}${lines}${length}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? new Uint8Array(0)]);
}

export class HttpDoses {
  readonly #server: FuzzServer;
  readonly #wire: HttpWire;

  constructor(server: FuzzServer) {
    this.#server = server;
    this.#wire = new HttpWire(server.port);
  }

  /** @returns what is wrong, or null */
  dose(seed: number): Promise<string | null> {
    return insistent(() => this.#once(seed));
  }

  /** Whether a plain request is answered as ever. */
  async isAlive(): Promise<boolean> {
    const answer = await this.#wire.exchange(Buffer.from('GET /readyz HTTP/1.1\r\nHost: fuzz\r\n\r\n'), false);
    return answer?.status === 200;
  }

  close(): void {
    this.#wire.close();
  }

  async #once(seed: number): Promise<string | null> {
    const random = new FuzzRandom(seed);
    const request = validRequest(random);
    if (!random.oneIn(30)) mutate(request, random);
    const bytes = bytesOf(request);
    const before = await this.#server.position();
    const isRaw = random.oneIn(RAW_ONE_IN) && request.method !== 'HEAD';
    const complaint = isRaw
      ? await this.#raw(mutatedBytes(bytes, random), before)
      : await this.#framed(request, bytes, before);
    const fault = complaint ?? this.#server.takeFault();
    return fault === null ? null : `${fault}\n${bytes.subarray(0, 600).toString('latin1')}`;
  }

  async #framed(request: FuzzedRequest, bytes: Buffer, before: number): Promise<string | null> {
    const isHead = request.method === 'HEAD';
    const answer = await this.#wire.exchange(bytes, isHead);
    if (answer === null) return 'the connection was closed without an answer';
    const ids = request.headers.filter(([name]) => name === 'X-Request-Id');
    const complaint = complaintOn(answer, isHead, ids.length === 1 ? ids[0]![1].trim() : null);
    if (complaint !== null) return complaint;
    if (answer.status < 300 && !request.strayed) return complaintOnSuccess(answer, request.route);
    return this.#changed([answer], before);
  }

  /** Bytes of which nobody knows how many requests they are; each answer must be whole and right. */
  async #raw(bytes: Uint8Array, before: number): Promise<string | null> {
    let rest = await this.#wire.finish(bytes);
    const answers: WireAnswer[] = [];
    while (rest !== '') {
      const taken = takeAnswer(rest, false);
      if (taken === null) return `half an answer: ${JSON.stringify(rest.slice(0, 200))}`;
      rest = taken.rest;
      const { answer } = taken;
      if (answer.status < 200) continue;
      const complaint = complaintOn(answer, false, null);
      if (complaint !== null) return complaint;
      answers.push(answer);
    }
    return this.#changed(answers, before);
  }

  async #changed(answers: readonly WireAnswer[], before: number): Promise<string | null> {
    // Bytes without an answer may have been a whole request all the same.
    if (answers.length === 0 || !answers.every(isRefused)) return null;
    const after = await this.#server.position();
    const statuses = answers.map(({ status }) => status).join();
    return after === before ? null : `${MOVED} from ${before} to ${after} by what was answered ${statuses}`;
  }
}

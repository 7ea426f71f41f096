/**
 * The sign-in page: shows the form and takes it. A form counts only from the browser that began the sign-in (a cookie
 * bound to its address), sent from our own page (a token in the form, and what the browser says of its origin), and not
 * more often than guessing would need.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessFact } from '@oms/ports';
import type Provider from 'oidc-provider';
import { type IssuerAddress, PATHS } from './addresses.ts';
import type { AttemptKey, AttemptThrottle } from './attemptThrottle.ts';
import type { IdentityDocument, Subject } from './identityFile.ts';
import { contentPolicy, problemPage, signInPage } from './pages.ts';
import type { SecretChecker } from './secrets.ts';

export interface SignInParts {
  readonly provider: Provider;
  readonly document: IdentityDocument;
  readonly address: IssuerAddress;
  readonly formSecret: string;
  readonly throttle: AttemptThrottle;
  readonly secrets: SecretChecker;
  readonly onAudit: (fact: AccessFact) => void;
}

const FORM_BYTES_MAX = 4 * 1024;
/** Attempts that cost no waiting: by this user from this address, from this address, and on this user at all. */
const FREE = { pair: 5, address: 30, user: 100 } as const;

interface Filled {
  readonly userName: string;
  readonly password: string;
}

export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Answers every request below {@link PATHS.signIn}. */
  async handle(request: IncomingMessage, response: ServerResponse, peer: string): Promise<void> {
    const uid = request.url!.split('?', 1)[0]!.slice(PATHS.signIn.length + 1);
    const begun = await this.#begun(request, response, uid);
    if (begun === null) {
      sendPage(response, 400, EXPIRED_PAGE);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      this.#sendForm(response, 200, begun, { userName: hintOf(begun.params), problem: null });
    } else if (request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST');
      sendPage(response, 405, problemPage('Not possible', 'This page is only read or sent as a form.'));
    } else if (isFromElsewhere(request, this.#parts.address)) {
      sendPage(response, 403, problemPage('Refused', 'The form was sent from another page.'));
    } else {
      await this.#take(request, response, begun, peer);
    }
  }

  /** The sign-in that this browser began here; null when there is none, or it is too old. */
  async #begun(request: IncomingMessage, response: ServerResponse, uid: string): Promise<Begun | null> {
    try {
      const { uid: begunUid, params } = await this.#parts.provider.interactionDetails(request, response);
      return begunUid === uid ? { uid, params } : null;
    } catch {
      return null;
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse, begun: Begun, peer: string): Promise<void> {
    const fields = await readForm(request);
    if (fields === null || !this.#isOurs(fields.get('formToken') ?? '', begun.uid)) {
      sendPage(response, 400, EXPIRED_PAGE);
      return;
    }
    const filled = { userName: fields.get('userName') ?? '', password: fields.get('password') ?? '' };
    const outcome = await this.#check(filled, peer);
    if (typeof outcome === 'object') {
      this.#tell(outcome.id, peer, 'ALLOWED', begun, 'password');
      const result = { login: { accountId: outcome.id } };
      await this.#parts.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
      return;
    }
    const { userName } = filled;
    if (outcome > 0) {
      const seconds = Math.ceil(outcome / 1000);
      response.setHeader('retry-after', seconds);
      const problem = `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
      this.#sendForm(response, 429, begun, { userName, problem });
      return;
    }
    this.#tell(this.#user(userName)?.id ?? null, peer, 'REFUSED', begun, 'wrong user or password');
    this.#sendForm(response, 401, begun, { userName, problem: 'User and password do not match.' });
  }

  /** @returns the user; or how many milliseconds to wait; or 0 when user and password do not match */
  async #check({ userName, password }: Filled, peer: string): Promise<Subject | number> {
    const { throttle, secrets } = this.#parts;
    const keys = attemptKeys(userName.toLowerCase().slice(0, 64), peer);
    const waitMs = throttle.begin(keys);
    if (waitMs > 0) return waitMs;
    const user = this.#user(userName);
    if (!(await secrets.check(password.slice(0, 200), user?.secret ?? null)) || user === undefined) return 0;
    throttle.succeeded(keys);
    return user;
  }

  #user(userName: string): Subject | undefined {
    return this.#parts.document.users.find(({ id }) => id.toLowerCase() === userName.toLowerCase());
  }

  #sendForm(
    response: ServerResponse,
    status: number,
    begun: Begun,
    shown: Pick<Parameters<typeof signInPage>[0], 'userName' | 'problem'>,
  ): void {
    const clientId = begun.params.client_id;
    const application = this.#parts.document.applications.find(({ id }) => id === clientId)?.name ?? 'crypto-oms';
    const action = `${PATHS.signIn}/${begun.uid}`;
    const html = signInPage({ action, application, formToken: this.#formToken(begun.uid), ...shown });
    sendPage(response, status, html, formTargets(begun.params.redirect_uri));
  }

  #formToken(uid: string): string {
    return createHmac('sha256', this.#parts.formSecret).update(`sign-in form ${uid}`).digest('base64url');
  }

  #isOurs(formToken: string, uid: string): boolean {
    const given = Buffer.from(formToken);
    const expected = Buffer.from(this.#formToken(uid));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #tell(actor: string | null, address: string, outcome: AccessFact['outcome'], begun: Begun, how: string): void {
    const details = { client: String(begun.params.client_id), how };
    this.#parts.onAudit({ action: 'SIGN_IN', actor, address, outcome, details });
  }
}

/** What the browser asked for when it began. */
interface Begun {
  readonly uid: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const EXPIRED_PAGE = problemPage(
  'Start again',
  'This sign-in has expired, was used already, or was begun in another browser.',
);

const attemptKeys = (userName: string, peer: string): readonly AttemptKey[] => [
  { key: `pair ${userName} ${peer}`, free: FREE.pair },
  { key: `address ${peer}`, free: FREE.address },
  { key: `user ${userName}`, free: FREE.user },
];

const hintOf = ({ login_hint: hint }: Begun['params']): string => (typeof hint === 'string' ? hint.slice(0, 64) : '');

/** The form's answer redirects to the application, which the browser counts as the form's target. */
const formTargets = (redirectUri: unknown): readonly string[] => {
  const origin = typeof redirectUri === 'string' ? URL.parse(redirectUri)?.origin : undefined;
  return origin === undefined ? [] : [origin];
};

/** What browsers say of a request's origin; programs that say nothing have no cookies to be abused. */
function isFromElsewhere({ headers }: IncomingMessage, { origins }: IssuerAddress): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return true;
  return headers.origin !== undefined && !origins.includes(headers.origin);
}

/** Null when it is no form, or too long for one of ours. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  if (type?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > FORM_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

export function sendPage(
  response: ServerResponse,
  status: number,
  html: string,
  targets: readonly string[] = [],
): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', contentPolicy(targets));
  response.setHeader('cache-control', 'no-store');
  response.end(html);
}

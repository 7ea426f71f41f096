/** An issuer of somebody else over real HTTP: discovery and key set, both of which can be made to fail. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JsonObject, TokenIssuer, type TokenIssuerOptions } from '@oms/testkit';

export class OutsideIssuer {
  readonly url: string;
  readonly tokens: TokenIssuer;
  /** What it publishes. */
  keys: JsonObject[];
  /** In place of the discovery document; null: as it should be. */
  discovery: JsonObject | null = null;
  /** In place of the key set. */
  keySetText: string | null = null;
  status = 200;
  /** Answers only below another path, to which it redirects. */
  moved = false;
  /** Answers nothing until this resolves. */
  holding: Promise<void> = Promise.resolve();
  requests: string[] = [];
  readonly close: () => Promise<void>;

  constructor(url: string, tokens: TokenIssuer, close: () => Promise<void>) {
    this.url = url;
    this.tokens = tokens;
    this.keys = [tokens.publicJwk as JsonObject];
    this.close = close;
  }

  answer(path: string): string {
    this.requests.push(path);
    if (path.endsWith('/.well-known/openid-configuration')) {
      return JSON.stringify(this.discovery ?? { issuer: this.url, jwks_uri: `${this.url}/keys` });
    }
    return this.keySetText ?? JSON.stringify({ keys: this.keys });
  }
}

/** @param path of the issuer's name, as Cognito's user pools have one */
export async function startOutsideIssuer(options: TokenIssuerOptions, path = ''): Promise<OutsideIssuer> {
  let issuer: OutsideIssuer | null = null;
  const server = createServer(async (request, response) => {
    await issuer!.holding;
    response.statusCode = issuer!.status;
    if (issuer!.moved && !request.url!.startsWith('/moved')) {
      response.writeHead(302, { location: `/moved${request.url}` });
    }
    response.end(issuer!.answer(request.url!));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  issuer = new OutsideIssuer(url, new TokenIssuer({ ...options, issuer: url }), close);
  return issuer;
}

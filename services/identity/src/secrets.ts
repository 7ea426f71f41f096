/**
 * Secrets: made at random, kept as scrypt hashes that carry their own salt and cost, compared in constant time. Hashing
 * is made to be slow, so it is done one at a time: the thread pool also writes the journal.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 2^costLog2 · 128 · blockSize bytes of memory, `parallel` times over. */
export interface HashCost {
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallel: number;
}

export interface HashCosts {
  /** Of what people type. */
  readonly password: HashCost;
  /** Of 256 random bits, which nobody can guess however fast it goes. */
  readonly clientSecret: HashCost;
}

/** Passwords are random as well, 100 bits of them: their cost is a second line, not the first. */
export const HASH_COSTS: HashCosts = {
  password: { costLog2: 15, blockSize: 8, parallel: 1 },
  clientSecret: { costLog2: 14, blockSize: 8, parallel: 1 },
};

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COST_LOG2_MAX = 18;
const FORM = /^scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;
/** Without characters that are mistaken for each other. */
const PASSWORD_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

export const newClientSecret = (): string => randomBytes(32).toString('base64url');

/** 100 random bits in four groups of five letters. */
export function newPassword(): string {
  const letters = Array.from(randomBytes(20), (byte) => PASSWORD_ALPHABET[byte % PASSWORD_ALPHABET.length]!);
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-');
}

export async function hashSecret(secret: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secret, salt, cost);
  const { costLog2, blockSize, parallel } = cost;
  return `scrypt$ln=${costLog2},r=${blockSize},p=${parallel}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

export const isSecretHash = (text: string): boolean => readHash(text) !== null;

export class SecretChecker {
  readonly #nobody: StoredHash;
  #last: Promise<unknown> = Promise.resolve();

  constructor(cost: HashCost = HASH_COSTS.password) {
    this.#nobody = { salt: Buffer.alloc(SALT_BYTES), cost, hash: Buffer.alloc(HASH_BYTES) };
  }

  /** @param stored null: nobody has this secret, which takes as long to find out as a wrong one */
  check(secret: string, stored: string | null): Promise<boolean> {
    const result = this.#last.then(() => this.#matches(secret, stored));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #matches(secret: string, stored: string | null): Promise<boolean> {
    const known = stored === null ? null : readHash(stored);
    const { salt, cost, hash } = known ?? this.#nobody;
    const same = timingSafeEqual(await derive(secret, salt, cost), hash);
    return same && known !== null;
  }
}

interface StoredHash {
  readonly salt: Buffer;
  readonly cost: HashCost;
  readonly hash: Buffer;
}

function readHash(text: string): StoredHash | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [costLog2, blockSize, parallel] = match.slice(1, 4).map(Number) as [number, number, number];
  if (costLog2 < 1 || costLog2 > COST_LOG2_MAX || blockSize < 1 || parallel < 1) return null;
  return {
    salt: Buffer.from(match[4]!, 'base64url'),
    cost: { costLog2, blockSize, parallel },
    hash: Buffer.from(match[5]!, 'base64url'),
  };
}

function derive(secret: string, salt: Buffer, { costLog2, blockSize, parallel }: HashCost): Promise<Buffer> {
  const N = 2 ** costLog2;
  const maxmem = 128 * N * blockSize + 256 * blockSize * parallel + 1024 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, HASH_BYTES, { N, r: blockSize, p: parallel, maxmem }, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

/** What the command line and the generator's process tell each other. */
import type { Round, Transport } from '../benchOptions.ts';
import type { SymbolTerms } from '../marketTerms.ts';
import type { LatencyReport, PercentilePoint } from './latency.ts';
import type { MixOptions } from './orderMix.ts';

export interface GeneratorOptions {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  readonly connections: number;
  /** Orders per request; 1 unless the transport is rest-batch. */
  readonly batch: number;
  readonly mix: MixOptions;
  /** What makes the clientOrderIds of this run differ from all others. */
  readonly idPrefix: string;
}

export interface RoundResult {
  /** Offered, requests per second. */
  readonly rate: number;
  readonly seconds: number;
  readonly sent: number;
  /** Acknowledged, by kind. */
  readonly newOrders: number;
  readonly replaces: number;
  readonly cancels: number;
  /** Of the new orders, how many had traded by the time of the answer. */
  readonly traded: number;
  /** Replaces and cancels of orders that had traded meanwhile. */
  readonly tooLate: number;
  /** Neither answered nor refused when the drain ended, or lost with a connection. */
  readonly unanswered: number;
  /** Refusals by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Answers without error per second, until the last of them. */
  readonly achievedRate: number;
  /** Of all answers, from the planned send time. */
  readonly latency: LatencyReport;
  readonly curve: readonly PercentilePoint[];
  /** How late requests were sent: the generator's own fault, part of every latency. */
  readonly lag: LatencyReport;
  /** CPU time of the generator's process, all threads. */
  readonly cpuSeconds: number;
  readonly elapsedSeconds: number;
  /** The first order that was acknowledged, as JSON. */
  readonly sampleAnswer: string | null;
  /** In all rounds so far. */
  readonly lostConnections: number;
}

/** To the generator. All but `price` are answered, one after the other. */
export type Instruction =
  | { readonly type: 'connect'; readonly options: GeneratorOptions }
  | { readonly type: 'price'; readonly symbols: readonly SymbolTerms[] }
  | { readonly type: 'run'; readonly round: Round }
  | { readonly type: 'finish' };

/** From the generator. */
export type Message =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'progress'; readonly sent: number; readonly answered: number };

/** The answer to `finish`. */
export interface AcknowledgedBits {
  readonly bits: Uint8Array;
  readonly count: number;
}

/** The whole reference model: takes the journal record by record and lets each part see what concerns it. */
import type { RuntimeEvent } from '@oms/codec';
import type { OrderEvent, RiskEvent, VenueEvent } from '@oms/domain';
import type { Findings } from '../findings.ts';
import type { VerifiedRecord } from '../journal/records.ts';
import { NameTable } from '../memory/nameTable.ts';
import { CauseChecks } from './causeChecks.ts';
import { written } from './exactNumbers.ts';
import { checkOrderAgainstHold } from './holdChecks.ts';
import type { ModelFacts } from './modelFacts.ts';
import type { OrderFacts } from './orderFacts.ts';
import { OrderModel } from './orderModel.ts';
import { RiskModel } from './riskModel.ts';
import { Settlements } from './settlements.ts';

const RUNTIME = 0;
const ORDER_PROCESSOR = 1;
const RISK_ENGINE = 2;

export class ReferenceModel {
  readonly orders: OrderModel;
  readonly risk = new Map<number, RiskModel>();
  readonly #findings: Findings;
  readonly #settlements: Settlements;
  readonly #causes: CauseChecks;
  readonly #names = new NameTable();
  #lastPosition = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#settlements = new Settlements(findings);
    this.#settlements.baseOf = (symbol) => this.#baseOf(symbol);
    this.#causes = new CauseChecks(findings);
    this.orders = new OrderModel(findings, this.#settlements, this.#names);
  }

  apply(record: VerifiedRecord, now: number, epoch: number): void {
    const { position, service, partition, events } = record;
    this.#lastPosition = position;
    this.#causes.check(record);
    for (const event of events) {
      if (service === RUNTIME) this.#runtime(event as RuntimeEvent, position, epoch);
      else if (service === ORDER_PROCESSOR) this.orders.apply(event as OrderEvent, position, partition);
      else if (service === RISK_ENGINE) this.#riskOf(partition).apply(event as RiskEvent, position, now);
      else this.#venue(event as VenueEvent, position);
    }
    if (service === RISK_ENGINE) this.#riskOf(partition).endOfRecord();
  }

  /** One group is one batch: what it sets off inside the house is done at its end. */
  endOfGroup(): void {
    this.#settlements.endOfGroup();
    for (const order of this.orders.touched) {
      checkOrderAgainstHold(this.#findings, this.#lastPosition, order, this.#holdOf(order.orderId, order.accountId));
    }
    this.orders.touched.clear();
    this.orders.orders.settle();
    for (const model of this.risk.values()) model.facts.holds.settle();
  }

  end(): void {
    this.#settlements.end();
    for (const [partition, model] of this.risk) {
      model.end();
      for (const [currency, sum] of model.facts.sums()) {
        this.#findings.expect(
          sum === 0n,
          'I5',
          0,
          () =>
            `${currency} in partition ${partition} sums to ${written(sum)} over accounts, venue, fees and deposits instead of 0`,
        );
      }
      this.#comparePositions(model);
    }
  }

  /** What the comparison with the replayed state needs, once the journal has ended. */
  get known(): ModelFacts {
    const { orders, accounts, approvals, sends } = this.orders;
    const risk = new Map([...this.risk].map(([partition, { facts }]) => [partition, facts]));
    return { names: this.#names, orders, accounts, approvals, sends, risk };
  }

  /** Positions as the risk engine moved them against the fills the order processor booked. */
  #comparePositions(model: RiskModel): void {
    for (const account of model.facts.accounts.values()) {
      for (const [symbol, { quantity }] of account.positions) {
        const booked = this.#settlements.bookedPositions.get(`${account.accountId} ${symbol}`) ?? 0n;
        this.#findings.expect(
          quantity === booked,
          'I5',
          0,
          () =>
            `${account.accountId} has ${written(quantity)} ${symbol} by its settlements, ${written(booked)} by its fills`,
        );
      }
    }
  }

  #riskOf(partition: number): RiskModel {
    let model = this.risk.get(partition);
    if (model === undefined) {
      const touch = (order: OrderFacts): void => void this.orders.touched.add(order);
      model = new RiskModel(this.#findings, this.#settlements, this.orders.orders, touch, this.#names);
      this.risk.set(partition, model);
    }
    return model;
  }

  #holdOf(orderId: string, accountId: string) {
    for (const { facts } of this.risk.values()) {
      if (facts.accounts.has(accountId)) return facts.holds.peek(accountId, orderId);
    }
    return undefined;
  }

  #baseOf(symbol: string): string | undefined {
    for (const { facts } of this.risk.values()) {
      const instrument = facts.instruments.get(symbol);
      if (instrument !== undefined) return instrument.base;
    }
    return undefined;
  }

  #venue(event: VenueEvent, position: number): void {
    this.#settlements.venue(event, position);
    if (event.type === 'VenueFaultsChanged') this.#findings.looked('I14');
    if (event.type !== 'VenueOrderReceived') return;
    const { orderId } = event.terms;
    const order = this.orders.orders.get(orderId);
    this.#findings.expect(
      order?.sent === true,
      'I16',
      position,
      () => `the venue got order ${orderId}, which was never sent`,
    );
    this.#findings.expect(
      order?.atVenue !== true,
      'I16',
      position,
      () => `the venue got order ${orderId} a second time`,
    );
    if (order !== undefined) order.atVenue = true;
  }

  #runtime(event: RuntimeEvent, position: number, epoch: number): void {
    if (event.type !== 'EpochStarted') return;
    this.#findings.expect(
      event.epoch === epoch,
      'I11',
      position,
      () => `epoch ${event.epoch} starts in a group of epoch ${epoch}`,
    );
  }
}

/** What is stored of documents: orders and risk states as canonical bytes, everything else as JSON text. */
import { ORDERS_STATE, RISK_STATE, riskStateCodec, stateCodec } from '@oms/codec';
import { type ExecutionReport, InvariantError, type Order, type RiskState } from '@oms/domain';
import { ByteReader, ByteWriter, type Codec } from '@oms/ports';

const ordersNode = ORDERS_STATE.fields.orders.node;
if (ordersNode.kind !== 'mapBy' || ordersNode.value.kind !== 'struct') throw new InvariantError('orders are no map');

/** The layout an order has inside a partition's state, for one order alone. */
const orderFields = Object.fromEntries(ordersNode.value.fields.map(([name, node]) => [name, { node }]));
const orderCodec = stateCodec<Order>({ name: 'Order', fields: orderFields as never });

/** A stored body that is not what was written there: the database is damaged. */
export class StoredBodyError extends Error {
  override readonly name = 'StoredBodyError';
}

const writer = new ByteWriter();

function bytesOf<T>(codec: Codec<T>, value: T): Uint8Array {
  writer.reset();
  codec.encode(value, writer);
  return writer.written();
}

function valueIn<T>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    return codec.decode(new ByteReader(bytes));
  } catch (error) {
    throw new StoredBodyError('a stored body cannot be read', { cause: error });
  }
}

/** Valid until the next call; SQLite copies what it is given. */
export const bytesOfOrder = (order: Order): Uint8Array => bytesOf(orderCodec, order);
export const orderOfBytes = (bytes: Uint8Array): Order => valueIn(orderCodec, bytes);

export const bytesOfRiskState = (state: RiskState): Uint8Array => bytesOf(riskStateCodec, state);
export const riskStateOfBytes = (bytes: Uint8Array): RiskState => valueIn(riskStateCodec, bytes);

/** Views, reports and audit entries are stored as the JSON they are shown as. */
export const textOfDocument = (document: object): string => JSON.stringify(document);

export function documentOfText<T>(text: unknown): T {
  try {
    return JSON.parse(String(text)) as T;
  } catch (error) {
    throw new StoredBodyError('a stored document cannot be read', { cause: error });
  }
}

/** The members of a report, all of them, in the order they are stored without their names: most rows are reports. */
const REPORT_LAYOUT: Readonly<Record<keyof ExecutionReport, true>> = {
  executionId: true,
  execType: true,
  status: true,
  orderId: true,
  accountId: true,
  symbol: true,
  side: true,
  clientOrderId: true,
  originalClientOrderId: true,
  referenceExecutionId: true,
  quantity: true,
  price: true,
  stopPrice: true,
  filledQuantity: true,
  leavesQuantity: true,
  lastQuantity: true,
  lastPrice: true,
  averagePrice: true,
  fee: true,
  feeCurrency: true,
  liquidity: true,
  reason: true,
  sequence: true,
  time: true,
};
const REPORT_MEMBERS = Object.keys(REPORT_LAYOUT) as (keyof ExecutionReport)[];

/** Behind the members stands the journal position, for whoever traces a report back. */
export const textOfReport = (report: ExecutionReport, position: number): string => {
  const values: unknown[] = REPORT_MEMBERS.map((member) => report[member]);
  values.push(position);
  return JSON.stringify(values);
};

export function reportOfText(text: unknown): ExecutionReport {
  const values = documentOfText<unknown[]>(text);
  return Object.fromEntries(REPORT_MEMBERS.map((member, index) => [member, values[index]])) as never;
}

/** Tells whether bytes of another build have the layouts of this one. */
export const BODY_LAYOUTS: string = JSON.stringify([ORDERS_STATE.fields.orders, RISK_STATE.fields, REPORT_MEMBERS]);

/** What is stored of other documents than orders: risk states as canonical bytes, everything else as JSON text. */
import { ORDER_EVENTS, RISK_STATE, riskStateCodec } from '@oms/codec';
import type { RiskState } from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import { readStored } from './storedBody.ts';

const writer = new ByteWriter();

/** Valid until the next call; SQLite copies what it is given. */
export function bytesOfRiskState(state: RiskState): Uint8Array {
  writer.reset();
  riskStateCodec.encode(state, writer);
  return writer.written();
}

export const riskStateOfBytes = (bytes: Uint8Array): RiskState =>
  readStored(() => riskStateCodec.decode(new ByteReader(bytes)));

/** Views and audit entries are stored as the JSON they are shown as. */
export const textOfDocument = (document: object): string => JSON.stringify(document);

export const documentOfText = <T>(text: unknown): T => readStored(() => JSON.parse(String(text)) as T);

/** Tells whether bytes of another build have the layouts of this one. */
export const BODY_LAYOUTS: string = JSON.stringify([ORDER_EVENTS, RISK_STATE.fields]);

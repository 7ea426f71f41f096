/** Every refusal names who refused and a code that is known for him (I14). */
import type { Reason, ReasonSource } from '@oms/domain';
import type { Findings } from '../findings.ts';

/** The risk checks of the domain, by name. */
const RISK_CODES = new Set(
  `UNKNOWN_INSTRUMENT INSTRUMENT_NOT_TRADING TRADING_HALTED REDUCING_ONLY PRICE_INCREMENT QUANTITY_INCREMENT
   QUANTITY_BELOW_MIN QUANTITY_EXCEEDS_MAX NOTIONAL_BELOW_MIN ORDER_QUANTITY_EXCEEDS_LIMIT
   ORDER_NOTIONAL_EXCEEDS_LIMIT PRICE_OUTSIDE_COLLAR ORDER_RATE_EXCEEDED OPEN_ORDERS_EXCEED_LIMIT
   OPEN_NOTIONAL_EXCEEDS_LIMIT POSITION_EXCEEDS_LIMIT INSUFFICIENT_BALANCE INSUFFICIENT_MARGIN
   DAILY_LOSS_EXCEEDED REPEATED_ORDER`.split(/\s+/),
);

export function checkReason(
  findings: Findings,
  position: number,
  orderId: string,
  reason: Reason,
  sources: readonly ReasonSource[],
): void {
  const { source, code } = reason;
  findings.expect(
    sources.includes(source),
    'I14',
    position,
    () => `the reason ${code} of order ${orderId} comes from ${source}, not from ${sources.join(' or ')}`,
  );
  findings.expect(
    code !== '' && (source !== 'RISK' || RISK_CODES.has(code)),
    'I14',
    position,
    () => `order ${orderId} was refused by ${source} with '${code}', which is no check`,
  );
}

/** The figures that have a mark to reach: what must be, what would be excellent. */

export interface Gate {
  readonly id: string;
  /** The figure it is about. */
  readonly figure: string;
  /** `ratio`: the figure over its baseline. */
  readonly of: 'value' | 'ratio';
  readonly must: number;
  readonly stretch: number;
}

export const GATES: readonly Gate[] = [
  { id: 'P1', figure: 'core third', of: 'value', must: 300_000, stretch: 1_000_000 },
  { id: 'P5', figure: 'journal replay', of: 'value', must: 500_000, stretch: 2_000_000 },
  { id: 'P6', figure: 'restart', of: 'value', must: 10, stretch: 3 },
  { id: 'P7', figure: 'skew', of: 'ratio', must: 0.7, stretch: 0.9 },
  { id: 'P8', figure: 'growth open orders', of: 'ratio', must: 0.8, stretch: 0.95 },
  { id: 'P10', figure: 'memory open order', of: 'value', must: 1_024, stretch: 512 },
  { id: 'P10', figure: 'memory closed order', of: 'value', must: 100, stretch: 50 },
];

export type GateVerdict = 'stretch' | 'reached' | 'missed';

export const gateOf = (figure: string): Gate | null => GATES.find((gate) => gate.figure === figure) ?? null;

/** @param measured the median of the figure's values or ratios, as the gate asks */
export function judge(gate: Gate, measured: number): GateVerdict {
  const lowerIsBetter = gate.stretch < gate.must;
  const passes = (mark: number) => (lowerIsBetter ? measured <= mark : measured >= mark);
  return passes(gate.stretch) ? 'stretch' : passes(gate.must) ? 'reached' : 'missed';
}

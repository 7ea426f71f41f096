/** Trading state of the firm, an account or an instrument. The strictest of the three that apply decides. */

export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';
export type TradingScope = 'FIRM' | 'ACCOUNT' | 'INSTRUMENT';

export interface TradingStateEntry {
  readonly scope: TradingScope;
  /** Account id or symbol; null for FIRM. */
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  /** Who set it; null when nobody is signed in. */
  readonly actor: string | null;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/** The entries that restrict trading, by what they restrict: next to none, so that nearly no order pays for a lookup. */
export interface Restrictions {
  firm: TradingStateEntry | null;
  readonly accounts: Map<string, TradingStateEntry>;
  readonly instruments: Map<string, TradingStateEntry>;
}

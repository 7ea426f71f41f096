/** Services by their number in journal records. */
export const ORDER_PROCESSOR = 1;
export const RISK_ENGINE = 2;
export const VENUE_SIMULATOR = 3;

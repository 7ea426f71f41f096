/** Tapes in CSV: trades, or best quotes; the header line says which. */
import type { Instrument } from '@oms/domain';
import { malformed, type TapeEvent, type TapeQuote, type TapeTrade } from './tape.ts';
import { TapeFields } from './tapeFields.ts';

const TRADE_COLUMNS = ['timestamp_ms', 'trade_id', 'price', 'quantity', 'aggressor_side'];
const QUOTE_COLUMNS = ['timestamp_ms', 'bid_price', 'bid_quantity', 'ask_price', 'ask_quantity'];

/** @throws InfrastructureError TAPE_MALFORMED */
export function readCsvTape(file: string, lines: readonly string[], instrument: Instrument): TapeEvent[] {
  const fields = new TapeFields(file, instrument);
  const header = lines[0] ?? '';
  const columns = [TRADE_COLUMNS, QUOTE_COLUMNS].find((each) => each.join(',') === header);
  if (columns === undefined) {
    throw malformed(
      fields.place,
      'header',
      `"${TRADE_COLUMNS.join(',')}", "${QUOTE_COLUMNS.join(',')}" or JSON lines`,
      header,
    );
  }
  const readRow = columns === TRADE_COLUMNS ? readTrade : readQuote;
  return lines.slice(1).map((line, index) => {
    fields.moveTo(index + 2);
    const cells = line.split(',');
    if (cells.length !== columns.length) {
      throw malformed(fields.place, 'row', `${columns.length} columns (${columns.join(',')})`, line);
    }
    return readRow(cells, fields);
  });
}

function readTrade(cells: readonly string[], fields: TapeFields): TapeTrade {
  const [time, tradeId, price, quantity, side] = cells;
  if (tradeId === '') throw malformed(fields.place, 'trade_id', 'an id', tradeId);
  if (side !== 'BUY' && side !== 'SELL') throw malformed(fields.place, 'aggressor_side', 'BUY or SELL', side);
  return {
    kind: 'trade',
    time: fields.time('timestamp_ms', time),
    tradeId: tradeId!,
    price: fields.price('price', price),
    quantity: fields.quantity('quantity', quantity),
    aggressorSide: side,
  };
}

function readQuote(cells: readonly string[], fields: TapeFields): TapeQuote {
  const [time, bidPrice, bidQuantity, askPrice, askQuantity] = cells;
  const quote: TapeQuote = {
    kind: 'quote',
    time: fields.time('timestamp_ms', time),
    bid: [fields.price('bid_price', bidPrice), fields.quantity('bid_quantity', bidQuantity)],
    ask: [fields.price('ask_price', askPrice), fields.quantity('ask_quantity', askQuantity)],
  };
  if (quote.ask[0] <= quote.bid[0]) {
    throw malformed(fields.place, 'ask_price', `a price above the bid_price ${bidPrice}`, askPrice);
  }
  return quote;
}

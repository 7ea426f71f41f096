/** `oms order …`: the options of place, replace, cancel, list and show. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

const URL_DEFAULT = 'http://127.0.0.1:8080';

/** Options every order command has. */
export interface ConnectionFlags {
  readonly url: string;
  readonly json?: true;
}

export interface PlaceFlags extends ConnectionFlags {
  readonly account: string;
  readonly symbol: string;
  readonly side: string;
  readonly type?: string;
  readonly quantity?: string;
  readonly quoteQuantity?: string;
  readonly price?: string;
  readonly stopPrice?: string;
  readonly timeInForce?: string;
  readonly expireTime?: string;
  readonly postOnly?: true;
  readonly reduceOnly?: true;
  readonly tag?: readonly string[];
  readonly clientOrderId?: string;
  readonly watch?: true;
}

export interface ReplaceFlags extends ConnectionFlags {
  readonly quantity?: string;
  readonly price?: string;
  readonly stopPrice?: string;
  readonly clientOrderId?: string;
}

export interface CancelFlags extends ConnectionFlags {
  readonly clientOrderId?: string;
  readonly all?: true;
  readonly account?: string;
  readonly symbol?: string;
  readonly side?: string;
}

export interface ListFlags extends ConnectionFlags {
  readonly account?: string;
  readonly symbol?: string;
  readonly status?: string;
  readonly limit: string;
  readonly cursor?: string;
}

export interface ShowFlags extends ConnectionFlags {
  readonly clientOrderId?: string;
  readonly account?: string;
  readonly watch?: true;
}

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

export function addOrderCommands(program: Command, context: CommandContext): void {
  const order = program.command('order').description('place, replace, cancel, list and show orders');
  addPlace(order, context);
  addReplace(order, context);
  addCancel(order, context);
  addList(order, context);
  addShow(order, context);
}

const withConnection = (command: Command): Command =>
  command.option('--url <address>', 'where the server is', URL_DEFAULT).option('--json', 'print JSON');

function addPlace(order: Command, context: CommandContext): void {
  withConnection(order.command('place'))
    .description('place an order; the exit code is 0 when it was accepted')
    .requiredOption('--account <id>', 'account to trade for')
    .requiredOption('--symbol <symbol>', 'instrument, for example BTC-USD')
    .requiredOption('--side <side>', 'buy or sell')
    .option('--type <type>', 'market, limit, stop or stop_limit (default: by the prices given)')
    .option('--quantity <decimal>', 'how much, in base units')
    .option('--quote-quantity <decimal>', 'how much to spend, in quote units (market buy)')
    .option('--price <decimal>', 'limit price')
    .option('--stop-price <decimal>', 'price that triggers a stop')
    .option('--time-in-force <tif>', 'gtc, ioc, fok, gtd or day (default: gtc)')
    .option('--expire-time <time>', 'ISO 8601, with gtd')
    .option('--post-only', 'refuse it if it would trade at once')
    .option('--reduce-only', 'never increase a position')
    .option('--tag <text>', 'label to keep with the order; may be repeated', collect)
    .option('--client-order-id <id>', 'your own id, the idempotency key (default: a random one)')
    .option('--watch', 'follow it until it is closed')
    .addHelpText(
      'after',
      `
Examples:
  $ oms order place --account DEMO-0001 --symbol BTC-USD --side buy --quantity 0.1 --price 50000
  $ oms order place --account DEMO-0001 --symbol ETH-USD --side sell --quantity 2 --watch
  $ oms order place --account DEMO-0001 --symbol BTC-USD --side buy --quote-quantity 500 --json`,
    )
    .action(async (flags: PlaceFlags) => {
      const { placeOrder } = await import('./orders.ts');
      context.exitCode = await placeOrder(flags, context);
    });
}

function addReplace(order: Command, context: CommandContext): void {
  withConnection(order.command('replace'))
    .description('ask for other terms of an open order')
    .argument('<orderId>')
    .option('--quantity <decimal>', 'the new total (not the remainder)')
    .option('--price <decimal>', 'the new limit price')
    .option('--stop-price <decimal>', 'the new stop price')
    .option('--client-order-id <id>', 'id of this request (default: a random one)')
    .addHelpText('after', '\nExample:\n  $ oms order replace o-0-12 --price 50100')
    .action(async (orderId: string, flags: ReplaceFlags) => {
      const { replaceOrder } = await import('./orders.ts');
      context.exitCode = await replaceOrder(orderId, flags, context);
    });
}

function addCancel(order: Command, context: CommandContext): void {
  withConnection(order.command('cancel'))
    .description('ask to cancel one order, or all that match')
    .argument('[orderId]')
    .option('--client-order-id <id>', 'id of this request')
    .option('--all', 'cancel all open orders of --account')
    .option('--account <id>', 'with --all: of this account')
    .option('--symbol <symbol>', 'with --all: only of this instrument')
    .option('--side <side>', 'with --all: only buy or sell')
    .addHelpText(
      'after',
      '\nExamples:\n  $ oms order cancel o-0-12\n  $ oms order cancel --all --account DEMO-0001 --symbol BTC-USD',
    )
    .action(async (orderId: string | undefined, flags: CancelFlags) => {
      const { cancelOrder } = await import('./orders.ts');
      context.exitCode = await cancelOrder(orderId, flags, context);
    });
}

function addList(order: Command, context: CommandContext): void {
  withConnection(order.command('list'))
    .description('list orders, newest first')
    .option('--account <id>', 'only of this account')
    .option('--symbol <symbol>', 'only of this instrument')
    .option('--status <status>', 'open, closed, or one status such as filled')
    .option('--limit <n>', 'how many', '50')
    .option('--cursor <cursor>', 'go on where the last list ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ oms order list --status open\n  $ oms order list --account DEMO-0001 --json',
    )
    .action(async (flags: ListFlags) => {
      const { listOrders } = await import('./orders.ts');
      context.exitCode = await listOrders(flags, context);
    });
}

function addShow(order: Command, context: CommandContext): void {
  withConnection(order.command('show'))
    .description('show an order and everything that happened to it')
    .argument('[orderId]')
    .option('--client-order-id <id>', 'find it by your own id, together with --account')
    .option('--account <id>', 'account of --client-order-id')
    .option('--watch', 'follow it until it is closed')
    .addHelpText(
      'after',
      '\nExamples:\n  $ oms order show o-0-12\n  $ oms order show --client-order-id mine-1 --account DEMO-0001 --watch',
    )
    .action(async (orderId: string | undefined, flags: ShowFlags) => {
      const { showOrder } = await import('./orders.ts');
      context.exitCode = await showOrder(orderId, flags, context);
    });
}

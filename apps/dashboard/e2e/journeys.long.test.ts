/** What a trader does in a day, in a real browser against the real server. */
import { describe, expect, it } from 'vitest';
import { hasBrowser, Journey } from './support/browser.ts';
import { TradingPage } from './support/tradingPage.ts';

describe.skipIf(!hasBrowser)('the trading screen', () => {
  const journey = new Journey();

  const trading = async (options = {}) => {
    const { page, errors } = await journey.open(options);
    return { screen: await new TradingPage(page).ready(), page, errors };
  };

  it('places a market order: it fills, position and profit follow, the trade is in the history', async () => {
    const { screen, page, errors } = await trading();
    await screen.fill({ type: 'Market', quantity: '0.05' });
    await screen.send();
    await screen.notice(/Order accepted/).waitFor();
    await screen.openTab('Positions');
    const position = screen.rows('Positions').filter({ hasText: 'BTC-USD' });
    await position.waitFor();
    expect(await position.textContent()).toContain('0.05');
    expect(await position.textContent()).toMatch(/[+−]?\d+\.\d\d/);
    await screen.openTab('Trade history');
    await screen.rows('Trade history').filter({ hasText: 'TAKER' }).first().waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('amends a resting order in place, marks it in the book, and cancels it', async () => {
    const { screen, page } = await trading();
    await screen.fill({ quantity: '0.2', price: '39000' });
    await screen.send();
    const order = screen.rows('Open orders').filter({ hasText: '39,000' });
    await order.waitFor();
    await order.getByRole('button', { name: /^Change price/ }).click();
    await page.getByRole('textbox', { name: /^New price/ }).fill('39100');
    await page.keyboard.press('Enter');
    await screen.rows('Open orders').filter({ hasText: '39,100' }).waitFor();
    await screen
      .rows('Open orders')
      .getByRole('button', { name: /^Cancel/ })
      .first()
      .click();
    await page.getByText('No open orders.').waitFor();
    await page.context().close();
  });

  it('checks the ticket before it sends, and shows the reason with its numbers when risk refuses', async () => {
    const { screen, page } = await trading();
    await screen.fill({ quantity: '0.0000001', price: '39000.001' });
    await screen.ticket.getByRole('button', { name: 'Buy BTC-USD' }).click();
    await screen.ticket.getByText('Needs a multiple of 0.01').waitFor();
    await screen.fill({ quantity: '0.1', price: '10000' });
    await screen.send();
    const refusal = screen.ticket.getByRole('alert');
    await refusal.filter({ hasText: 'PRICE_OUTSIDE_COLLAR' }).waitFor();
    expect(await refusal.textContent()).toMatch(/referencePrice \d+/);
    await page.context().close();
  });

  it('places each kind of order that rests', async () => {
    const { screen, page } = await trading();
    await screen.fill({ type: 'Stop', quantity: '0.1', stopPrice: '43000' });
    await screen.send();
    await screen.rows('Open orders').filter({ hasText: 'STOP' }).first().waitFor();
    await screen.fill({ type: 'Stop limit', quantity: '0.1', stopPrice: '43000', price: '43500' });
    await screen.send();
    await screen.rows('Open orders').filter({ hasText: 'STOP_LIMIT' }).waitFor();
    await screen.fill({ quantity: '0.1', price: '39000' });
    await screen.ticket.getByLabel('Post only').check();
    await screen.ticket.getByLabel('Time in force').selectOption('DAY');
    await screen.send();
    await screen.rows('Open orders').filter({ hasText: 'LIMIT' }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await page.getByText('No open orders.').waitFor();
    await page.context().close();
  });

  it('shows an order placed in one window in the other', async () => {
    const one = await trading();
    const other = await trading();
    await one.screen.fill({ quantity: '0.3', price: '38500' });
    await one.screen.send();
    const row = other.screen.rows('Open orders').filter({ hasText: '38,500' });
    await row.waitFor();
    await row.getByRole('button', { name: /^Cancel/ }).click();
    await one.page.getByText('No open orders.').waitFor();
    await one.page.context().close();
    await other.page.context().close();
  });

  it('is used by keyboard alone', async () => {
    const { screen, page } = await trading();
    await page.keyboard.press('Alt+b');
    await screen.ticket.getByLabel(/^Price/).waitFor();
    await page.keyboard.type('38000');
    await page.keyboard.press('Tab');
    await page.keyboard.type('0.4');
    await page.keyboard.press('Enter');
    await screen.ticket.getByRole('button', { name: /^Confirm/ }).waitFor();
    await page.keyboard.press('Enter');
    await screen.rows('Open orders').filter({ hasText: '38,000' }).waitFor();
    await page.keyboard.press('Alt+x');
    await page.getByText('No open orders.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('body').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.context().close();
  });

  it('shows the whole life of an order', async () => {
    const { screen, page } = await trading();
    await screen.fill({ type: 'Market', side: 'Sell', quantity: '0.01' });
    await screen.send();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await screen
      .rows('All orders')
      .filter({ hasText: 'FILLED' })
      .first()
      .getByRole('button', { name: /^Details/ })
      .click();
    const detail = page.getByRole('region', { name: /^Order o-/ });
    await detail.getByText('PENDING_NEW', { exact: true }).waitFor();
    await detail.getByText('TRADE', { exact: true }).waitFor();
    await page.context().close();
  });

  it('pulls the kill switch with a reason, and trading stops', async () => {
    const { screen, page } = await trading();
    await page.getByLabel('Account').selectOption({ index: 1 });
    await screen.preset('Risk');
    await page.getByRole('button', { name: /^Halt account/ }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Reason').fill('drill');
    await dialog.getByRole('button', { name: /^Halt/ }).click();
    await page.getByRole('region', { name: 'Trading state' }).getByText('HALTED').waitFor();
    await screen.preset('Trading');
    await screen.fill({ type: 'Market', quantity: '0.01' });
    await screen.send();
    await screen.ticket.getByRole('alert').filter({ hasText: 'TRADING_HALTED' }).waitFor();
    await page.context().close();
  });

  it('fits a phone', async () => {
    const { screen, page } = await trading({ viewport: { width: 390, height: 800 } });
    await screen.fill({ type: 'Market', quantity: '0.01' });
    await screen.send();
    await screen.notice(/Order accepted/).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('greys what is old when the server goes away, and goes on where it was when it is back', async () => {
    const { screen, page } = await trading();
    await screen.fill({ quantity: '0.25', price: '38700' });
    await screen.send();
    await screen.rows('Open orders').filter({ hasText: '38,700' }).waitFor();
    const port = Number(new URL(journey.oms.address).port);
    await journey.oms.stop();
    await screen.status.filter({ hasText: /Disconnected|Connecting/ }).waitFor();
    expect(await screen.ticket.getByRole('button', { name: 'Not connected' }).isDisabled()).toBe(true);
    await journey.startServer(port);
    await screen.status.filter({ hasText: 'Live' }).waitFor();
    expect(await screen.rows('Open orders').filter({ hasText: '38,700' }).count()).toBe(1);
    await screen
      .rows('Open orders')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await page.getByText('No open orders.').waitFor();
    await page.context().close();
  });
});

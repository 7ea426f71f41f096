/** The trading screen as its user sees it: panels and controls by role and name, never by markup. */
import type { Locator, Page } from 'playwright-core';

export class TradingPage {
  readonly page: Page;
  readonly ticket: Locator;
  readonly status: Locator;

  constructor(page: Page) {
    this.page = page;
    this.ticket = page.getByRole('form', { name: 'Order ticket' });
    this.status = page.locator('header').getByRole('status');
  }

  /** Waits until prices are there and the connection is live. */
  async ready(): Promise<this> {
    await this.status.filter({ hasText: 'Live' }).waitFor();
    await this.ticket.waitFor();
    return this;
  }

  async fill(order: { side?: 'Buy' | 'Sell'; type?: string; quantity: string; price?: string; stopPrice?: string }) {
    await this.ticket.getByRole('button', { name: order.side ?? 'Buy', exact: true }).click();
    await this.ticket.getByLabel('Type').selectOption({ label: order.type ?? 'Limit' });
    await this.ticket.getByLabel(/^Quantity/).fill(order.quantity);
    if (order.stopPrice !== undefined) await this.ticket.getByLabel(/^Stop price/).fill(order.stopPrice);
    if (order.price !== undefined) await this.ticket.getByLabel(/^Price/).fill(order.price);
  }

  /** Sends what the ticket holds, with its confirmation step. */
  async send(): Promise<void> {
    await this.ticket.getByRole('button', { name: /^(Buy|Sell) \w+-\w+$/ }).click();
    await this.ticket.getByRole('button', { name: /^Confirm/ }).click();
  }

  async openTab(title: string): Promise<void> {
    await this.page.locator('.dv-tab', { hasText: title }).click();
  }

  async preset(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Layout' }).click();
    await this.page.getByRole('menuitem', { name, exact: true }).first().click();
  }

  rows(table: string): Locator {
    return this.page.getByRole('table', { name: table }).locator('tbody tr:has(td)');
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByRole('list', { name: 'Notifications' }).getByRole('listitem').filter({ hasText: text });
  }
}

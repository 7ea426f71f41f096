/** axe finds nothing serious on any preset, in either theme. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { hasBrowser, Journey } from './support/browser.ts';
import { TradingPage } from './support/tradingPage.ts';

describe.skipIf(!hasBrowser)('accessibility', () => {
  const journey = new Journey();

  it.each(['dark', 'light'] as const)('has no serious finding in the %s theme', async (colorScheme) => {
    const { page } = await journey.open({ colorScheme });
    const screen = await new TradingPage(page).ready();
    for (const preset of ['Trading', 'Risk', 'Monitoring']) {
      await screen.preset(preset);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(
          ({ id, nodes }) => `${preset}: ${id} at ${nodes.map(({ target }) => target.join(' ')).slice(0, 3)}`,
        ),
      ).toEqual([]);
    }
    await page.context().close();
  });
});

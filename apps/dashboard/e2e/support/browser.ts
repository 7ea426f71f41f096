/**
 * Debian's Chromium by playwright-core, and the real server with the built dashboard. Where there is no Chromium the
 * journeys are skipped, and it is said how to install one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { ensureDashboard } from '../../../../scripts/dashboard.mjs';
import { type RunningOms, type StartOptions, startOms } from '../../../oms/src/compose/startOms.ts';

const PLACES = [process.env.OMS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));

export const hasBrowser = executablePath !== undefined;
if (!hasBrowser) {
  process.stderr.write(
    'The dashboard journeys are SKIPPED: there is no Chromium. Install one (`apt install chromium`) or set OMS_CHROMIUM.\n',
  );
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SERVER: Omit<StartOptions, 'dataDirectory'> = {
  port: 0,
  host: '127.0.0.1',
  marketData: 'simulated:7',
  venue: 'simulated',
  profile: 'demo',
  role: 'all',
};

/** A server and a browser for the tests of a file. */
export class Journey {
  oms!: RunningOms;
  browser!: Browser;
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'oms-dashboard-'));
  readonly #options: Partial<StartOptions>;

  constructor(options: Partial<StartOptions> = {}) {
    this.#options = options;
    beforeAll(async () => {
      if (!hasBrowser) return;
      await ensureDashboard();
      await this.startServer();
      this.browser = await chromium.launch({ executablePath: executablePath!, args: FLAGS });
    });
    afterAll(async () => {
      if (hasBrowser) {
        await this.browser.close();
        await this.oms.stop();
      }
      rmSync(this.dataDirectory, { recursive: true, force: true });
    });
  }

  async startServer(port = 0): Promise<void> {
    this.oms = await startOms({ ...SERVER, ...this.#options, port, dataDirectory: this.dataDirectory });
  }

  /** A window of its own, with nothing remembered. What the page logs as an error fails the test that asks. */
  async open(options: BrowserContextOptions = {}): Promise<{ page: Page; errors: string[] }> {
    const context = await this.browser.newContext({ viewport: { width: 1600, height: 950 }, ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(this.oms.address);
    return { page, errors };
  }
}

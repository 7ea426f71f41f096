/** Every campaign of the deep run: what the files `xCampaigns.ts` beside this one export as `xCampaigns`. */
import { readdirSync } from 'node:fs';
import type { Campaign } from './campaign.ts';

export async function allCampaigns(): Promise<readonly Campaign[]> {
  const names = readdirSync(import.meta.dirname).flatMap((file) => /^(?!all)(\w+Campaigns)\.ts$/.exec(file)?.[1] ?? []);
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const module: Record<string, readonly Campaign[] | undefined> = await import(
        new URL(`${name}.ts`, import.meta.url).href
      );
      const campaigns = module[name];
      if (campaigns === undefined) throw new Error(`test/deep/${name}.ts exports no ${name}`);
      return campaigns;
    }),
  );
  return found.flat();
}

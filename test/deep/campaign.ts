/**
 * What a campaign of the deep run is: one row of the fault table, dosed until the time or the doses are used up.
 * Every dose has a seed of its own, so a breach names the command that repeats it. Most campaigns are a function of one
 * seed and made by {@link campaignOf}. A file `xCampaigns.ts` beside this one exports them as `xCampaigns`, and is found.
 */

export interface CampaignContext {
  /** Seed of the first dose; dose n has `firstSeed + n`. */
  readonly firstSeed: number;
  /** Whether another dose should be begun. */
  wantsMore(): boolean;
  /** Told after every dose, or after several at once. */
  dosed(count?: number): void;
  /** Told of every breach, at once. */
  breached(breach: Breach): void;
}

export interface Breach {
  readonly seed: number;
  /** The invariant or rule that did not hold, and the numbers that show it. */
  readonly what: string;
  /** The command that repeats it. */
  readonly rerun: string;
}

export interface Campaign {
  /** For `--only`, in kebab-case. */
  readonly name: string;
  /** The row of the fault table. */
  readonly fault: string;
  /** How many doses a deep run should reach; shown beside what it did. */
  readonly dosesWanted: number;
  /** Why it cannot run on this machine; it is left out then, and the table says so. */
  readonly unavailable?: string;
  /** Gives doses while `context.wantsMore()`; resolves with all its processes and files gone. */
  run(context: CampaignContext): Promise<void>;
}

export interface DoseCampaign extends Omit<Campaign, 'run'> {
  /** Doses that one call gives, each with the next seed; 1 when left out. */
  readonly dosesAtOnce?: number;
  /** Gives the doses from this seed on; throws what was breached. */
  readonly dose: (seed: number) => Promise<void> | void;
}

/** A campaign of doses that know nothing of each other. */
export function campaignOf({ dose, dosesAtOnce = 1, ...campaign }: DoseCampaign): Campaign {
  return {
    ...campaign,
    async run(context) {
      for (let seed = context.firstSeed; context.wantsMore(); seed += dosesAtOnce) {
        try {
          await dose(seed);
        } catch (error) {
          const what = error instanceof Error ? error.message : String(error);
          context.breached({ seed, what, rerun: rerunLine(campaign.name, seed, dosesAtOnce) });
        }
        context.dosed(dosesAtOnce);
        // Doses that never wait must not keep Ctrl-C waiting.
        await new Promise(setImmediate);
      }
    },
  };
}

export const rerunLine = (name: string, seed: number, doses = 1): string =>
  `npm run test:deep -- --only ${name} --seed ${seed} --doses ${doses}`;

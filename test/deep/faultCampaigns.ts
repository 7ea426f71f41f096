/** The campaigns of crashes, disks, processes and races, in the order of the fault table (docs/reference/faults.md). */
import { MOMENTS } from '../system/faults/moments.ts';
import { type Campaign, campaignOf } from './campaign.ts';
import { deathAt, deathsBefore, dieOf, killAtRandomMoments } from './crashDoses.ts';
import { failingDisk, fullDisk } from './diskDoses.ts';
import { flood } from './flood.ts';
import { damagedJournal, diskError, poisonedMessage } from './houseDoses.ts';
import { canMount } from './life.ts';
import { pausedOwner, retryStorm, secondProcess } from './processDoses.ts';
import { riskRaces } from './riskRace.ts';
import { seededRandom } from './seededRandom.ts';

const DISK_ERRORS = [
  { operation: 'write', error: 'EIO' },
  { operation: 'datasync', error: 'EIO' },
  { operation: 'write', error: 'ENOSPC' },
] as const;
const FAILING_CALLS = 200;
const PROCESS_FAULTS = [
  { kind: 'EIO', moment: 'journal.write.before' },
  { kind: 'EIO', moment: 'journal.sync.before' },
  { kind: 'ENOSPC', moment: 'journal.write.before' },
  { kind: 'EIO', moment: 'repair.write.before' },
  { kind: 'EIO', moment: 'repair.sync.before' },
] as const;
const KILLS_OF_A_LIFE = 10;
const STORM = { keys: 1_000, copies: 10 };
const RACES_AT_ONCE = 10;
const FLOODS = [2, 10] as const;
const PAUSE_MAX_MS = 15_000;
/** One pause in so many is long. */
const LONG_PAUSES = 20;

export const faultCampaigns: readonly Campaign[] = [
  campaignOf({
    name: 'kill-at-random-moments',
    fault: 'kill -9 at random moments under load',
    dosesWanted: 300,
    dosesAtOnce: KILLS_OF_A_LIFE,
    dose: (seed) => killAtRandomMoments(seed, KILLS_OF_A_LIFE),
  }),
  campaignOf({
    name: 'kill-at-crash-points',
    fault: 'kill at every named crash point',
    dosesWanted: 20 * MOMENTS.length,
    dose(seed) {
      const random = seededRandom(seed);
      const moment = MOMENTS[seed % MOMENTS.length]!;
      return dieOf([...deathsBefore(moment, random), deathAt(moment, random)]);
    },
  }),
  campaignOf({
    name: 'damaged-journal',
    fault: 'log cut off at a byte of its end, a bit flipped anywhere',
    dosesWanted: 10_000,
    dose: damagedJournal,
  }),
  campaignOf({
    name: 'disk-errors',
    fault: 'EIO and ENOSPC at the Nth write or fsync, N ≤ 200',
    dosesWanted: FAILING_CALLS * DISK_ERRORS.length,
    dose: (seed) =>
      diskError(seed, {
        ...DISK_ERRORS[seed % DISK_ERRORS.length]!,
        nth: 1 + (Math.floor(seed / DISK_ERRORS.length) % FAILING_CALLS),
      }),
  }),
  campaignOf({
    name: 'disk-errors-of-a-process',
    fault: 'EIO and ENOSPC under the real process',
    dosesWanted: 100,
    dose(seed) {
      const fault = PROCESS_FAULTS[seed % PROCESS_FAULTS.length]!;
      const nth = fault.moment.startsWith('repair.') ? 1 : 1 + seededRandom(seed).below(FAILING_CALLS);
      return failingDisk({ ...fault, nth });
    },
  }),
  campaignOf({
    name: 'disk-full',
    fault: 'disk full under the real process',
    dosesWanted: 20,
    ...(canMount() ? {} : { unavailable: 'needs the right to mount' }),
    dose: fullDisk,
  }),
  campaignOf({
    name: 'paused-owner',
    fault: 'owner paused up to 15 s and resumed, a second one on its data',
    dosesWanted: 100,
    dose: (seed) => pausedOwner(seed, seededRandom(seed).below(seed % LONG_PAUSES === 0 ? PAUSE_MAX_MS : 1_000)),
  }),
  campaignOf({
    name: 'second-process',
    fault: 'a second process on the data of one that runs, or was killed',
    dosesWanted: 20,
    dose: secondProcess,
  }),
  campaignOf({
    name: 'retry-storm',
    fault: 'retry storm: each order 10 times, two connections, a restart in the middle (doses are keys)',
    dosesWanted: 10_000_000,
    dosesAtOnce: STORM.keys,
    dose: (seed) => retryStorm(seed, STORM),
  }),
  campaignOf({
    name: 'overload',
    fault: 'far more orders than are read, and a reader that takes nothing',
    dosesWanted: 20,
    dose: (seed) => flood(seed, FLOODS[seed % FLOODS.length]!),
  }),
  campaignOf({
    name: 'poisoned-messages',
    fault: 'poisoned message between good ones',
    dosesWanted: 1_000,
    dose: poisonedMessage,
  }),
  campaignOf({
    name: 'risk-race',
    fault: 'risk race: 1,000 concurrent orders exactly at a limit',
    dosesWanted: 1_000,
    dosesAtOnce: RACES_AT_ONCE,
    dose: (seed) => riskRaces(seed, RACES_AT_ONCE),
  }),
];

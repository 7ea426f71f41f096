/** The read model's inside, on one thread and a journal in memory: resuming, rebuilding, and what damage does. */
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as scenario from '@oms/ports/contract/readModelScenario';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadModelHost } from '../../src/readModel/readModelHost.ts';
import type { FromWorker, QueryName } from '../../src/readModel/workerMessages.ts';
import { FedJournal } from './fedJournal.ts';

/** Faults in the runtime and the house: nothing is told before it is durable, and every message counts once. */
import type { Mutant } from '../mutant.ts';

const RUNTIME = 'packages/actors/src/runtime.ts';
const MAILBOX = 'packages/actors/src/mailbox.ts';

export const RUNTIME_MUTANTS: readonly Mutant[] = [
  {
    name: 'ack-before-flush',
    breaks: 'I1: the client is told before the group is on the disk',
    file: RUNTIME,
    find: `    this.#flushing = this.#journal.flush().then(
      () => {
        this.#flushing = null;
        this.#groupsInFlight -= groups;
        effects.release(this.#hooks);
`,
    replace: `    effects.release(this.#hooks);
    this.#flushing = this.#journal.flush().then(
      () => {
        this.#flushing = null;
        this.#groupsInFlight -= groups;
`,
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'ack-despite-failed-flush',
    breaks: 'I1: the client is told although the flush failed',
    file: RUNTIME,
    find: `      (error: unknown) => {
        this.#flushing = null;
        this.#fail(error, null);`,
    replace: `      (error: unknown) => {
        this.#flushing = null;
        effects.release(this.#hooks);
        this.#fail(error, null);`,
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'failed-flush-ignored',
    breaks: 'I1: the process goes on after its journal failed',
    file: RUNTIME,
    find: `        this.#flushing = null;
        this.#fail(error, null);`,
    replace: '        this.#flushing = null;',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'query-before-durable',
    breaks: 'I1: a query shows what a crash takes back',
    file: RUNTIME,
    find: 'else this.#effects.tasks.push(task);',
    replace: 'else task();',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'source-sequence-unchecked',
    breaks: 'I4: a message of another log that comes again is decided again',
    file: RUNTIME,
    find: 'if (!this.#sources.isDone(envelope.causeKind, envelope.causeSequence)) this.#decide',
    replace: 'this.#decide',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'quarantine-swallows-next',
    breaks: 'I13: the message behind a poisoned one is lost, and its sender never answered',
    file: RUNTIME,
    find: '      this.#quarantine(cell, envelope, error);\n',
    replace: '      this.#quarantine(cell, envelope, error);\n      this.#mailbox.next();\n',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'poisoned-sender-unanswered',
    breaks: 'I13: the sender of a poisoned message waits for ever',
    file: RUNTIME,
    find: "if (typeof replyTo === 'number') {",
    replace: "if (typeof replyTo === 'bigint') {",
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'broken-fold-written',
    breaks: 'I8: a batch whose fold broke an invariant is journalled',
    file: RUNTIME,
    find: "      this.#fail(error, 'a fold broke an invariant; nothing of its batch was written');\n      return;\n",
    replace: "      this.#fail(error, 'a fold broke an invariant; nothing of its batch was written');\n",
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'time-goes-back',
    breaks: 'I10: the journal’s time goes back with the clock',
    file: RUNTIME,
    find: 'this.#lastNow = Math.max(this.#lastNow, this.#options.clock.now());',
    replace: 'this.#lastNow = this.#options.clock.now();',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'time-forgotten-at-restart',
    breaks: 'I10: the journal’s time goes back when the clock was set back before a start',
    file: RUNTIME,
    find: '    this.#lastNow = report.lastNow;\n',
    replace: '',
    checks: ['packages/actors/test/recovery.test.ts'],
  },
  {
    name: 'snapshot-ahead-of-journal',
    breaks: 'I2: a snapshot knows more than the journal',
    file: RUNTIME,
    find: 'if (this.#journal.durablePosition < position) {',
    replace: 'if (this.#journal.durablePosition > position) {',
    checks: ['packages/actors/test/recovery.test.ts'],
  },
  {
    name: 'mailbox-unbounded',
    breaks: 'I15: under overload the mailbox grows until memory is gone',
    file: MAILBOX,
    find: '    if (lane.length >= (urgent ? this.#urgentMax : this.#ordinaryMax)) return false;\n',
    replace: '',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'cancels-wait-in-line',
    breaks: 'Rule 16: a cancel waits behind every order',
    file: MAILBOX,
    find: 'return this.#urgent.shift() ?? this.#ordinary.shift();',
    replace: 'return this.#ordinary.shift() ?? this.#urgent.shift();',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'answered-twice',
    breaks: 'I13: one question is answered as often as an answer comes',
    file: 'apps/house/src/callers.ts',
    find: '      this.#waiting[slot] = undefined;\n      return done;',
    replace: '      return done;',
    checks: ['apps/house/test/callers.test.ts'],
  },
];

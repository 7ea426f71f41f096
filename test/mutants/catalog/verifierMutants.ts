/** Faults in `oms verify`: a checker that does not look proves nothing, so it has mutants of its own. */
import type { Mutant } from '../mutant.ts';

const CHAIN = 'apps/verifier/src/hashChain.ts';
const FRAMES = 'apps/verifier/src/frameChecks.ts';
const ORDERS = 'apps/verifier/src/model/orderModel.ts';
const VERIFY = 'apps/verifier/test/verify.test.ts';
const SEGMENTS = 'apps/verifier/test/segments.test.ts';
const TAMPERING = 'apps/verifier/test/tampering.test.ts';

export const VERIFIER_MUTANTS: readonly Mutant[] = [
  {
    name: 'verify-checksum-ignored',
    breaks: 'I9: oms verify passes bits that rotted',
    file: 'apps/verifier/src/journal/segments.ts',
    find: 'const actual = crc32(bytes.subarray(at + HASHED_FROM, end), crc32(bytes.subarray(at, at + CRC_AT)));',
    replace: 'const actual = end > at ? stored : 0;',
    checks: [SEGMENTS],
  },
  {
    name: 'verify-altered-record-passed',
    breaks: 'I9: oms verify passes a record that was altered with its checksum',
    file: CHAIN,
    find: 'const fault = follows && !frame.previousHash.equals(this.#hash) ? this.#breakAt(frame) : null;',
    replace: 'const fault: string | null = null;',
    checks: [TAMPERING],
  },
  {
    name: 'verify-rewritten-journal-passed',
    breaks: 'I9: oms verify passes a journal that was rewritten from its beginning',
    file: CHAIN,
    find: '        anchor.hash === found,\n',
    replace: '        anchor.hash.length === found.length,\n',
    checks: [TAMPERING],
  },
  {
    name: 'verify-missing-end-passed',
    breaks: 'I1: oms verify passes a journal whose end was cut off',
    file: CHAIN,
    find: 'if (this.#met.has(anchor) || position >= told) continue;',
    replace: 'if (this.#met.has(anchor) || position >= 0) continue;',
    checks: [TAMPERING],
  },
  {
    name: 'verify-position-gap-passed',
    breaks: 'I9: oms verify passes a journal without one of its groups',
    file: FRAMES,
    find: 'if (!isAfterGap) this.#breach(firstPosition,',
    replace: 'if (!isAfterGap && firstPosition < 0) this.#breach(firstPosition,',
    checks: [VERIFY],
  },
  {
    name: 'verify-second-acceptance-passed',
    breaks: 'I3: oms verify passes a clientOrderId that was accepted twice',
    file: ORDERS,
    find: 'const isNew = this.#clientOrderIds.add(account.number, clientOrderId);',
    replace: 'const isNew = this.#clientOrderIds.add(account.number, orderId + clientOrderId);',
    checks: [VERIFY],
  },
  {
    name: 'verify-second-execution-passed',
    breaks: 'I4: oms verify passes an execution that was booked twice',
    file: ORDERS,
    find: 'const isNew = !order.fills.has(executionId);',
    replace: "const isNew = executionId !== '';",
    checks: [VERIFY],
  },
  {
    name: 'verify-halt-ignored',
    breaks: 'I7: oms verify passes an order that was approved while trading was halted',
    file: 'apps/verifier/src/model/limitChecks.ts',
    find: "        state !== 'HALTED',\n",
    replace: "        state !== '',\n",
    checks: [VERIFY],
  },
];

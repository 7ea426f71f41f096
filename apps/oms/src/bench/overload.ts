/** Gate P9: what is left of the server at twice what it sustains, and whether risk can be taken off meanwhile. */
import type { OverloadReport, RoundReport } from './benchReport.ts';
import type { ControlProbe } from './controlProbe.ts';
import type { RoundRunner } from './roundRunner.ts';

const SECONDS_MIN = 2;

/** @param kneeRate the highest rate that was sustained */
export async function measureOverload(
  runner: RoundRunner,
  probe: ControlProbe,
  kneeRate: number,
  seconds: number,
): Promise<OverloadReport> {
  const duration = Math.max(SECONDS_MIN, seconds);
  const loaded = async (rate: number, title: string) => {
    await runner.settle();
    const orderIds = await probe.prepare(duration);
    // Not Promise.all: the probe must have ended before the accounts are used again, whatever becomes of the load.
    const controls = probe.run(orderIds, duration);
    const round: RoundReport = await runner.run({ rate, seconds: duration }, title);
    return { round, controls: await controls };
  };
  const atKnee = await loaded(kneeRate, 'at the knee');
  const atTwice = await loaded(kneeRate * 2, 'at twice the knee');
  await runner.settle();
  return { kneeRate, atKnee, atTwice, goodputShare: atTwice.round.achievedRate / atKnee.round.achievedRate };
}

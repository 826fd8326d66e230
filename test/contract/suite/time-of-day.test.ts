import { describe, expect, it } from 'vitest';
import { allScenarios } from './all-scenarios.js';
import { runScenario } from './run-scenario.js';
import { simulatorTarget } from './targets/simulator-target.js';

/** What looks at the clock; all the other scenarios only let time pass. */
const TIMELY = /^(schedules|metrics|refreshes|listing|hook-waits)\//;

/** Just before the minute, the day, the year and the hour of the suite's schedule; a day that there is every four years. */
const STARTS = [
  '2026-11-23T06:52:18.708Z',
  '2026-11-23T02:59:59.999Z',
  '2026-12-31T23:59:57.500Z',
  '2028-02-29T12:00:00.000Z',
];

describe.each(STARTS)('from %s on', (start) => {
  const target = simulatorTarget({ clock: { kind: 'virtual', startsAt: Date.parse(start) } });

  it.each(allScenarios.filter(({ id }) => TIMELY.test(id)).map((one) => [one.id, one] as const))(
    '%s holds as at any other time',
    async (_id, scenario) => {
      expect((await runScenario(target, scenario)).outcome).toEqual({ kind: 'agrees' });
    },
  );
});

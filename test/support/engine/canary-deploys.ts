import type { AttemptState, CanaryStrategy } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { awaitSoon } from '../e2e/await-soon.js';
import { createTestNamespace } from '../services/test-namespace.js';
import { EngineHarness } from './engine-harness.js';
import { deployStage } from './stages.js';

/** Deploys with a canary on the engine, and what became of them. */
export class CanaryDeploys {
  readonly #engine: EngineHarness;

  constructor(engine: EngineHarness) {
    this.#engine = engine;
  }

  /** One stage, with a step of 10 % for 55 minutes unless told otherwise; its execution. */
  start(strategy: Partial<CanaryStrategy> = {}, timeoutSeconds = 60): Promise<string> {
    const steps = [{ weightPercent: 10, pause: { minutes: 55 } }];
    const canary: CanaryStrategy = { type: 'canary', steps, ...strategy };
    return this.#engine.execute([deployStage({ strategy: canary, timeoutSeconds })]);
  }

  /** The newest attempt of that stage. */
  attempt(id: string): AttemptState {
    const attempt = this.#engine.records.state(id).stages[0]?.attempts.at(-1);
    if (attempt === undefined) throw new Error('the stage has not started');
    return attempt;
  }

  /** Resolves once a person is asked. */
  async asks(id: string): Promise<void> {
    await awaitSoon('a question', async () => {
      const [stage] = this.#engine.records.state(id).stages;
      return stage?.attempts.at(-1)?.waitingFor?.reason === 'judgment';
    });
  }
}

/** One engine for the tests of a file, with a script of its own for each: every analysis passes. */
export function eachTestWithCanaries(
  give: (given: { readonly engine: EngineHarness; readonly canary: CanaryDeploys }) => void,
): void {
  let engine: EngineHarness;
  beforeAll(async () => {
    engine = await EngineHarness.start(await createTestNamespace());
    give({ engine, canary: new CanaryDeploys(engine) });
  });
  afterAll(() => engine.stop());
  beforeEach(() => {
    engine.aws.calls.length = 0;
    engine.aws.before.clear();
    engine.aws.outcomes = ['pass'];
    engine.aws.heldWatches = 0;
    engine.historyEventsMax = undefined;
  });
}

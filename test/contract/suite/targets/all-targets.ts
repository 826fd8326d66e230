import { whyNoPython } from '../python/environment.js';
import { awsTarget, whyNoAws } from './aws-target.js';
import { localstackTarget, whyNoLocalstack } from './localstack-target.js';
import { motoTarget } from './moto-target.js';
import { simulatorTarget } from './simulator-target.js';
import type { Target, TargetName } from './target.js';

export interface OfferedTarget {
  /** Why it cannot be played on here; `undefined`: it can. */
  readonly whyNot: () => Promise<string | undefined>;
  readonly open: () => Promise<Target>;
}

export const offeredTargets: Readonly<Record<TargetName, OfferedTarget>> = {
  simulator: { whyNot: async () => undefined, open: async () => simulatorTarget() },
  moto: { whyNot: whyNoPython, open: motoTarget },
  localstack: { whyNot: whyNoLocalstack, open: localstackTarget },
  aws: { whyNot: whyNoAws, open: awsTarget },
};

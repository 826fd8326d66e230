import { contractSettings } from '../../../support/contract/settings.js';
import type { Capability } from '../stage.js';
import { reallyWait } from './localstack-target.js';
import { playOn } from './make-stage.js';
import type { Target } from './target.js';

const LOOKS = { secondsBetween: 5, max: 120 } as const;
const MANY_REQUESTS = 'it would fill an account with resources';

/** Why AWS itself is not asked; `undefined`: somebody has said that it may be. */
export async function whyNoAws(): Promise<string | undefined> {
  return contractSettings().isAwsAllowed
    ? undefined
    : 'GENNAKER_CONTRACT_AWS is not yes: AWS is asked only by somebody who wants it and has credentials for it';
}

/**
 * AWS itself, one scenario at a time, in a network of the scenario's own; every resource is tagged `gennaker-contract`.
 * Nothing that costs money is made unless GENNAKER_CONTRACT_AWS_PAYS is `yes`.
 */
export async function awsTarget(): Promise<Target> {
  const { awsRegion, isAwsPayingAllowed } = contractSettings();
  const refusals: Readonly<Record<Capability, string | undefined>> = {
    instances: isAwsPayingAllowed ? undefined : 'it launches instances, which cost money',
    'load balancers': isAwsPayingAllowed ? undefined : 'it makes load balancers, which cost money',
    'own images': 'it registers images without a snapshot, which only a double accepts',
    'many requests': MANY_REQUESTS,
  };
  return {
    name: 'aws',
    concurrency: 1,
    withStage: async (play) =>
      playOn(
        {
          wiring: { settings: { region: awsRegion, maxAttempts: 10 }, isMissing: () => false },
          looks: LOOKS,
          passTime: reallyWait,
          refusesTo: (capability) => refusals[capability],
          // Nothing answers on the ports of a plain image.
          failHealthChecks: async () => {},
          prefix: 'gnk-',
        },
        play,
      ),
    close: async () => {},
  };
}

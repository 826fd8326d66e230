import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  createAws,
  type Aws,
  type AwsOptions,
  type AwsRegion,
  type CallOptions,
} from '@gennaker/aws';
import { startSimulator, type LedgerEntry, type SimulatorOptions } from '@gennaker/simulator';
import { expect } from 'vitest';
import { layGround, makeGroup, region, type BareClients, type Ground } from './aws-ground.js';

const accountId = '111111111111';

/** The room under test against a stand-in on the virtual clock, with its faults and its ledger. */
export interface AwsBench {
  readonly url: string;
  readonly bare: BareClients;
  readonly ground: Ground;
  readonly aws: Aws;
  readonly region: AwsRegion;
  /** Makes a group as others would, without any tag of ours. */
  readonly makeGroup: (name: string, size?: number, settings?: object) => Promise<void>;
  readonly advance: (seconds: number) => Promise<void>;
  /** The calls since the last time; without a pattern only those that change something. */
  readonly calls: (match?: RegExp) => Promise<readonly LedgerEntry[]>;
  readonly fault: (fault: Fault) => Promise<void>;
  /** The id of the next call that is held, waited for at most 10 s. */
  readonly nextHold: () => Promise<string>;
  readonly release: (holdId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** One rule of the stand-in. */
export interface Fault {
  readonly match: { readonly action: string; readonly callNumber?: number };
  readonly point?: 'before' | 'after' | 'instead';
  readonly effect: object;
  readonly times?: number;
}

/** Matches a text; typed, which the matcher itself is not. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const asWrite: CallOptions = { priority: 'write' };

/** Auto Scaling's and ELBv2's words for a missing permission. */
export const denied = {
  kind: 'error',
  code: 'AccessDenied',
  status: 403,
  message:
    'User: arn:aws:sts::111111111111:assumed-role/deployer/gennaker is not authorized to perform this',
};

/** Starts everything; `close` leaves nothing running. */
export async function startBench(
  options: Partial<AwsOptions> = {},
  simulator: Partial<SimulatorOptions> = {},
): Promise<AwsBench> {
  const clock = { kind: 'virtual' } as const;
  const running = await startSimulator({ clock, adversarial: false, ...simulator });
  const endpoint = running.url;
  const credentials = { accessKeyId: accountId, secretAccessKey: 'unused' };
  const config = { endpoint, credentials, region, maxAttempts: 1 };
  const bare = {
    ec2: new EC2Client(config),
    autoScaling: new AutoScalingClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
  };
  const aws = createAws({
    accounts: [{ name: 'prod', accountId, regions: [region] }],
    endpoint,
    credentials,
    pollSeconds: 1,
    ...options,
  });
  const ground = await layGround(bare);
  return {
    url: endpoint,
    bare,
    ground,
    aws,
    region: aws.region('prod', region),
    makeGroup: (name, size = 0, settings = {}) => makeGroup(bare, ground, { name, size, settings }),
    ...(await controlOf(endpoint)),
    close: async () => {
      aws.close();
      for (const client of Object.values(bare)) client.destroy();
      await running.close();
    },
  };
}

type Control = Pick<AwsBench, 'advance' | 'calls' | 'fault' | 'nextHold' | 'release'>;

/** The stand-in's control routes. */
async function controlOf(url: string): Promise<Control> {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/_simulator${path}`, init);
    expect(response.status).toBe(200);
    const reply: unknown = await response.json();
    return reply as T;
  };
  const ledger = (since: number): Promise<{ last: number; calls: readonly LedgerEntry[] }> =>
    ask('GET', `/ledger?since=${since}`);
  let seen = (await ledger(0)).last;
  return {
    advance: async (seconds) => void (await ask('POST', '/clock/advance', { seconds })),
    calls: async (match = /^(?!Describe)/) => {
      const { last, calls } = await ledger(seen);
      seen = last;
      return calls.filter(({ action }) => match.test(action));
    },
    fault: async (fault) => void (await ask('POST', '/faults', fault)),
    nextHold: async () => {
      const path = '/holds/next?timeoutSeconds=10';
      return (await ask<{ hold: { id: string } }>('GET', path)).hold.id;
    },
    release: async (holdId) => void (await ask('POST', `/holds/${holdId}/release`, {})),
  };
}

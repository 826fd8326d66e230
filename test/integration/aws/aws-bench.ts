import {
  createAws,
  type Aws,
  type AwsOptions,
  type AwsRegion,
  type CallOptions,
} from '@gennaker/aws';
import type { LedgerEntry, SimulatorOptions } from '@gennaker/simulator';
import {
  layGround,
  REGION,
  startStandIn,
  type Ground,
  type StandIn,
} from '../../contract/simulator/stand-in.js';

const accountId = '111111111111';

/** The room under test against a stand-in on the virtual clock, with its faults and its ledger. */
export interface AwsBench {
  readonly standIn: StandIn;
  readonly ground: Ground;
  readonly aws: Aws;
  readonly region: AwsRegion;
  /** The calls since the last time, Describe… ones only when asked for. */
  readonly calls: (match?: RegExp) => Promise<readonly LedgerEntry[]>;
  readonly fault: (fault: Fault) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Fault {
  readonly action: string;
  readonly point?: 'before' | 'after' | 'instead';
  readonly effect: object;
  readonly times?: number;
}

export const asWrite: CallOptions = { priority: 'write' };
export const denied = {
  kind: 'error',
  code: 'AccessDenied',
  status: 403,
  message:
    'User: arn:aws:sts::111111111111:assumed-role/deployer/gennaker is not authorized to perform this',
};

export async function startBench(
  options: Partial<AwsOptions> = {},
  simulator: Partial<SimulatorOptions> = {},
): Promise<AwsBench> {
  const standIn = await startStandIn(simulator);
  const ground = await layGround(standIn);
  const aws = createAws({
    accounts: [{ name: 'prod', accountId, regions: [REGION] }],
    endpoint: standIn.running.url,
    credentials: { accessKeyId: accountId, secretAccessKey: 'unused' },
    pollSeconds: 1,
    ...options,
  });
  let seen = await lastCall(standIn);
  return {
    standIn,
    ground,
    aws,
    region: aws.region('prod', REGION),
    async calls(match = /^(?!Describe)/) {
      const ledger = await standIn.control('GET', `/ledger?since=${seen}`);
      seen = Number(ledger.body.last);
      return (ledger.body.calls as readonly LedgerEntry[]).filter(({ action }) =>
        match.test(action),
      );
    },
    async fault({ action, ...rest }) {
      const { status, body } = await standIn.control('POST', '/faults', {
        match: { action },
        ...rest,
      });
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    async close() {
      aws.close();
      await standIn.close();
    },
  };
}

async function lastCall(standIn: StandIn): Promise<number> {
  return Number((await standIn.control('GET', '/ledger')).body.last);
}

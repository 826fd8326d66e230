import { AssertionError } from 'node:assert/strict';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../stage.js';
import { provideMoto } from '../python/environment.js';
import { startMoto } from '../python/moto-server.js';
import { playOn } from './make-stage.js';
import type { Target } from './target.js';

/** Nothing in moto happens by time: what has not happened after a few looks will not happen. */
const LOOKS = { secondsBetween: 0, max: 4 } as const;

const FIRST_ACCOUNT = 500_000_000_000;

/**
 * moto, pinned, on a free port. What moto has not got is asked of its own code, for its reply does not say. Each
 * scenario plays in an account of its own: moto keeps scheduled actions and policies by their names alone, across all
 * groups of an account, so that scenarios side by side would take them from each other.
 */
export async function motoTarget(): Promise<Target> {
  const environment = await provideMoto();
  const server = await startMoto(environment);
  const settings = {
    endpoint: server.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
  };
  const sts = new STSClient(settings);
  let account = FIRST_ACCOUNT;
  return {
    name: 'moto',
    concurrency: 4,
    withStage: async (play) => {
      account += 1;
      const credentials = await credentialsIn(sts, account);
      return playOn(
        {
          wiring: {
            settings: { ...settings, credentials },
            isMissing: (operation) => !server.operations.has(operation),
          },
          looks: LOOKS,
          passTime: async () => {},
          refusesTo: () => undefined,
          failHealthChecks: async () => {
            throw new AssertionError({ message: 'no target can be made unhealthy here' });
          },
          prefix: '',
        },
        play,
      );
    },
    close: async () => {
      sts.destroy();
      await server.close();
    },
  };
}

/** In moto an account is there as soon as somebody assumes a role in it. */
async function credentialsIn(sts: STSClient, account: number): Promise<Credentials> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/contract`,
      RoleSessionName: 'contract',
    }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

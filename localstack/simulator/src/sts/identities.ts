import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';

const DEFAULT_SESSION_SECONDS = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/ */
export const identityHandlers: Handlers = {
  GetCallerIdentity: ({ scope, accessKeyId }: Call): GetCallerIdentityResponse => {
    const session = scope.world.sessions.find(accessKeyId);
    if (session !== undefined)
      return { Account: session.account, Arn: session.arn, UserId: session.userId };
    return {
      Account: scope.account,
      Arn: `arn:aws:iam::${scope.account}:root`,
      UserId: scope.account,
    };
  },
  AssumeRole: ({ scope }: Call, input: AssumeRoleRequest): AssumeRoleResponse => {
    const role = /^arn:aws[\w-]*:iam::(\d{12}):role\/(.+)$/.exec(input.RoleArn ?? '');
    const [, account, path] = role ?? [];
    if (account === undefined || path === undefined)
      throw validationError(`${input.RoleArn} is invalid`);
    const { world } = scope;
    const accessKeyId = `ASIA${world.nextHex(16).toUpperCase()}`;
    const userId = `AROA${world.nextHex(16).toUpperCase()}:${input.RoleSessionName}`;
    const arn = `arn:aws:sts::${account}:assumed-role/${path.split('/').at(-1)}/${input.RoleSessionName}`;
    world.sessions.put(accessKeyId, { accessKeyId, account, arn, userId });
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: world.nextHex(40),
        SessionToken: world.nextHex(64),
        Expiration: new Date(
          scope.now() + (input.DurationSeconds ?? DEFAULT_SESSION_SECONDS) * 1000,
        ),
      },
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    };
  },
};

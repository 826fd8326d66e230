import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';

/** Credentials that AssumeRole has handed out. */
export interface Session {
  readonly accessKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** The account of everybody who names none. */
const DEFAULT_ACCOUNT = '000000000000';
const DEFAULT_SESSION_SECONDS = 3600;

export function openSessions(store: Store): Table<Session> {
  return store.table<Session>('world/sessions');
}

/** A key id of twelve digits is an account; one that AssumeRole gave is its role's; any other is the default one. */
export function accountOf(sessions: Table<Session>, accessKeyId: string): string {
  if (/^\d{12}$/.test(accessKeyId)) return accessKeyId;
  return sessions.find(accessKeyId)?.account ?? DEFAULT_ACCOUNT;
}

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

import assert from 'node:assert/strict';
import { CreateVpcCommand, DescribeVpcsCommand, DeleteVpcCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { required } from '../ground/network.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Clients, Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/STS/latest/APIReference';
const OTHER_ACCOUNT = '222222222222';

async function assume(stage: Stage, settings: object = {}) {
  return stage.sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/deployer`,
      RoleSessionName: 'contract',
      ...settings,
    }),
  );
}

/** Clients in another account, by a role there; only a double has such a role for everybody. */
async function elsewhere(stage: Stage): Promise<Clients> {
  stage.needs('own images');
  const { Credentials: given } = await assume(stage);
  return stage.clientsOf({
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  });
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'caller-knows-who-it-is',
    title: 'GetCallerIdentity names the account, and an ARN in it',
    page: `${API}/API_GetCallerIdentity.html`,
    run: async (stage) => {
      const identity = await stage.sts.send(new GetCallerIdentityCommand({}));
      assert.match(identity.Account ?? '', /^\d{12}$/);
      assert.ok((identity.Arn ?? '').includes(`:${identity.Account}:`));
      assert.notEqual(identity.UserId ?? '', '');
    },
  },
  {
    name: 'role-gives-credentials',
    title: 'AssumeRole gives temporary credentials that end in the future',
    run: async (stage) => {
      stage.needs('own images');
      const { Credentials: given, AssumedRoleUser: user } = await assume(stage);
      assert.match(given?.AccessKeyId ?? '', /^ASIA[A-Z0-9]{16}$/);
      assert.notEqual(given?.SessionToken ?? '', '');
      assert.ok((given?.Expiration?.getTime() ?? 0) > 0);
      assert.equal(user?.Arn, `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/deployer/contract`);
    },
  },
  {
    name: 'role-acts-in-its-account',
    title: 'Who has assumed a role is in the account of the role',
    run: async (stage) => {
      const { sts } = await elsewhere(stage);
      const identity = await sts.send(new GetCallerIdentityCommand({}));
      assert.equal(identity.Account, OTHER_ACCOUNT);
      assert.match(identity.Arn ?? '', /:assumed-role\/deployer\/contract$/);
    },
  },
  {
    name: 'accounts-do-not-see-each-other',
    title: 'What is made in one account is not seen in another',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html',
    run: async (stage) => {
      const { ec2 } = await elsewhere(stage);
      const { Vpc: vpc } = await stage.ec2.send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }));
      const id = required(vpc?.VpcId, 'the id of the VPC');
      stage.atEnd(async () => stage.ec2.send(new DeleteVpcCommand({ VpcId: id })));
      const look = async (clients: Pick<Clients, 'ec2'>) =>
        (
          await clients.ec2.send(
            new DescribeVpcsCommand({ Filters: [{ Name: 'vpc-id', Values: [id] }] }),
          )
        ).Vpcs?.length ?? 0;
      assert.equal(await look(stage), 1);
      assert.equal(await look({ ec2 }), 0);
    },
  },
  ...refusals([
    {
      name: 'refuses-malformed-role',
      title: 'What is no ARN of a role cannot be assumed',
      code: 'ValidationError',
      call: async (stage) => assume(stage, { RoleArn: 'arn:aws:iam::role-without-account' }),
    },
  ]),
];

export const identityScenarios = topic(
  { name: 'identities', service: 'sts', documentation: `${API}/API_AssumeRole.html` },
  behaviours,
);

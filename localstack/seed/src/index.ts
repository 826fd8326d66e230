import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { openClients, type Place } from './clients.js';
import { ensureImage } from './images.js';
import { ensureLoadBalancing, type LoadBalancing } from './load-balancing.js';
import { ensureNetwork, type Network } from './network.js';
import { ensureServerGroup, type ServerGroup } from './server-group.js';

export interface SeedOptions extends Place {
  readonly log?: (line: string) => void;
  /** Credentials are in the environment: use these and not the account id (default: false). */
  readonly useEnvironmentCredentials?: boolean;
  /**
   * Instances of `web-prod-v000` (3); with more than 3, scaling may halve it or make it larger by a fifth, and it has a
   * policy `halve-when-idle`.
   */
  readonly instances?: number;
}

/** What the account has once it is seeded. */
export interface Seeded extends Network, LoadBalancing, ServerGroup {
  readonly accountId: string;
  readonly region: string;
  readonly imageIds: Readonly<Record<'1.0.0' | '1.1.0', string>>;
}

/**
 * Makes a small account as a team might have it: a network in three zones, a load balancer, two images, and the
 * server group `web-prod-v000` with its healthy instances. Speaks to any endpoint through the SDK alone. A second
 * call finds everything and changes nothing. Throws when the credentials belong to another account than asked for.
 */
export async function seed(options: SeedOptions): Promise<Seeded> {
  const { region, log = () => undefined } = options;
  const clients = openClients(options, options.useEnvironmentCredentials === true);
  try {
    const { Account: accountId = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    if (options.accountId !== undefined && options.accountId !== accountId) {
      throw new Error(
        `The credentials belong to account ${accountId}, not to ${options.accountId}: nothing was made`,
      );
    }
    log(`account ${accountId}, region ${region}`);
    const network = await ensureNetwork(clients.ec2, region, log);
    const imageIds = {
      '1.0.0': await ensureImage(clients.ec2, '1.0.0', log),
      '1.1.0': await ensureImage(clients.ec2, '1.1.0', log),
    };
    const loadBalancing = await ensureLoadBalancing(clients.elb, network, log);
    const serverGroup = await ensureServerGroup(
      clients,
      {
        network,
        imageId: imageIds['1.0.0'],
        targetGroupArn: loadBalancing.targetGroupArn,
        instances: options.instances ?? 3,
      },
      log,
    );
    return { accountId, region, imageIds, ...network, ...loadBalancing, ...serverGroup };
  } finally {
    clients.close();
  }
}

import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { ServerGroupTagWrites } from './server-group-tag-writes.js';

/** The writes of tags of server groups, on one account and region. */
export function bindServerGroupTagWrites(caller: AwsCaller): ServerGroupTagWrites {
  return {
    putServerGroupTags: async (serverGroup, tags, options) => {
      if (tags.length === 0) return;
      const Tags = tags.map(({ key, value, propagateAtLaunch }) => ({
        ...resourceOf(serverGroup, key),
        Value: value,
        PropagateAtLaunch: propagateAtLaunch,
      }));
      const command = new CreateOrUpdateTagsCommand({ Tags });
      await caller.autoscaling(command, { ...options, resource: serverGroup });
    },
    deleteServerGroupTags: async (serverGroup, keys, options) => {
      if (keys.length === 0) return;
      const Tags = keys.map((key) => resourceOf(serverGroup, key));
      await caller.autoscaling(new DeleteTagsCommand({ Tags }), {
        ...options,
        resource: serverGroup,
      });
    },
  };
}

function resourceOf(serverGroup: string, key: string) {
  return { ResourceId: serverGroup, ResourceType: 'auto-scaling-group', Key: key };
}

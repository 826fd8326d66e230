import type { AwsWriteActivities, ServerGroupActivities } from '@gennaker/contract/wire';
import { tagsInWords, type TagValue } from '@gennaker/domain';

type Call = (activity: string, subject: string) => Promise<void>;
type Scripted = Pick<
  AwsWriteActivities,
  | Exclude<keyof ServerGroupActivities, 'restoreServerGroupSize'>
  | 'ensureTargetGroup'
  | 'deleteTargetGroup'
>;

/** Changes of one server group or target group in the scripted world: each goes well at once. */
export function scriptedServerGroups(call: Call, there: Record<string, TagValue>): Scripted {
  return {
    pinServerGroup: async ({ subject, instancesMin }) => {
      await call('pinServerGroup', subject.serverGroup);
      return { capacity: { min: instancesMin, desired: instancesMin, max: instancesMin } };
    },
    disableServerGroupShare: async ({ subject }) => {
      await call('disableServerGroupShare', subject.serverGroup);
      return { instancesOut: 2, instancesInService: 3 };
    },
    changeServerGroupSize: ({ subject }) => call('changeServerGroupSize', subject.serverGroup),
    changeServerGroupProcesses: ({ subject, suspend, resume }) =>
      call(
        'changeServerGroupProcesses',
        `${subject.serverGroup} -${suspend.join(',')} +${resume.join(',')}`,
      ),
    tagServerGroup: ({ subject, tags }) =>
      call('tagServerGroup', `${subject.serverGroup} ${Object.keys(tags).join(' ')}`),
    readServerGroupTags: async ({ subject, keys }) => {
      await call('readServerGroupTags', subject.serverGroup);
      return { tags: Object.fromEntries(keys.map((key) => [key, there[key] ?? null])) };
    },
    changeServerGroupTags: ({ subject, tags: changed }) =>
      call('changeServerGroupTags', `${subject.serverGroup} ${tagsInWords(changed)}`),
    restoreServerGroupTags: async ({ subject, recorded }) => {
      await call('restoreServerGroupTags', `${subject.serverGroup} ${tagsInWords(recorded)}`);
      return { outcome: 'restored', left: [] };
    },
    destroyServerGroup: ({ subject }) => call('destroyServerGroup', subject.serverGroup),
    unpinServerGroup: async ({ subject, recorded }) => {
      await call('unpinServerGroup', subject.serverGroup);
      return { outcome: 'unpinned', min: recorded.min };
    },
    ensureTargetGroup: async ({ targetGroupName }) => {
      await call('ensureTargetGroup', targetGroupName);
      return { targetGroupArn: `arn:${targetGroupName}` };
    },
    deleteTargetGroup: ({ targetGroupName }) => call('deleteTargetGroup', targetGroupName),
  };
}

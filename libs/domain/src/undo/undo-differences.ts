import {
  isActiveRefresh,
  isSameVersion,
  refreshInWords,
  versionKey,
} from '../refreshes/instance-refresh.js';
import {
  ruleName,
  weightsInWords,
  weightsOf,
  type ListenerRule,
} from '../weights/listener-rule.js';
import { judgeRule } from '../weights/rule-change.js';
import {
  capacityRestored,
  destroyed,
  enabled,
  processesRestored,
  restored,
  tagsRestored,
  unpinned,
} from './group-undo-differences.js';
import {
  ofGroup,
  presentGroup,
  type EntryOf,
  type UndoDifference,
  type UndoObservation,
} from './undo-observation.js';
import type { UndoEntry } from './undo.js';

/**
 * What keeps the entry from being undone, read from AWS: empty exactly where it is as an undo would have left it, changes of
 * somebody else's that an undo leaves alone included. Pure and total over the operations.
 */
export function undoDifferences(
  entry: UndoEntry,
  seen: UndoObservation,
): readonly UndoDifference[] {
  switch (entry.operation) {
    case 'destroyServerGroup':
      return destroyed(entry, seen);
    case 'enableServerGroup':
      return enabled(entry, seen);
    case 'restoreServerGroup':
      return restored(entry, seen);
    case 'unpinServerGroup':
      return unpinned(entry, seen);
    case 'restoreCapacity':
      return capacityRestored(entry, seen);
    case 'restoreProcesses':
      return processesRestored(entry, seen);
    case 'restoreTags':
      return tagsRestored(entry, seen);
    case 'setRuleWeights':
      return weightsRestored(entry, seen.rule);
    case 'deleteTargetGroup':
      return seen.left.map((resource) => ({ resource, expected: 'gone', found: 'it is there' }));
    case 'rollbackInstanceRefresh':
      return refreshRolledBack(entry, seen);
  }
}

function weightsRestored(
  entry: EntryOf<'setRuleWeights'>,
  rule: ListenerRule | null,
): readonly UndoDifference[] {
  const resource = ruleName(entry.rule.arn);
  const expected = `weights ${weightsInWords(entry.weights)}`;
  if (rule === null) return [{ resource, expected, found: 'it is gone' }];
  const judged = judgeRule(rule, entry);
  switch (judged.verdict) {
    case 'asWanted':
      return [];
    case 'changed':
      return [{ resource, expected, found: `it differs in ${judged.fields.join(', ')}` }];
    case 'mayWrite':
    case 'foreignWeights':
      return [{ resource, expected, found: weightsInWords(weightsOf(rule)) }];
  }
}

/** A launch template that somebody else has set since is theirs, as for the undo. */
function refreshRolledBack(
  entry: EntryOf<'rollbackInstanceRefresh'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const { launch, runningVersions, arn } = entry.restore;
  const { refreshes, ourVersion } = seen;
  const group = presentGroup({ arn }, seen);
  if (group === null) return [];
  const active = refreshes.find(isActiveRefresh);
  const followed = { ...launch, version: launch.specified };
  const isTheirs =
    !isSameVersion(group.launchTemplate, launch) &&
    !isSameVersion(group.launchTemplate, followed) &&
    !isSameVersion(group.launchTemplate, ourVersion);
  const known = [...Object.keys(runningVersions), versionKey(launch)];
  const others = isTheirs
    ? []
    : group.instances.filter(({ launchTemplate }) => !known.includes(versionKey(launchTemplate)));
  return [
    ...(active === undefined
      ? []
      : [ofGroup(entry, 'no instance refresh', refreshInWords(active))]),
    ...(others.length === 0
      ? []
      : [
          ofGroup(
            entry,
            `all instances from ${versionKey(launch)}`,
            `${others.length} from another one`,
          ),
        ]),
    ...(ourVersion === null
      ? []
      : [
          {
            resource: `launch template version ${versionKey(ourVersion)}`,
            expected: 'gone',
            found: 'it is there',
          },
        ]),
    ...(isTheirs || isSameVersion(group.launchTemplate, followed)
      ? []
      : [
          ofGroup(
            entry,
            `launch template ${versionKey(followed)}`,
            versionKey(group.launchTemplate) || 'none',
          ),
        ]),
  ];
}

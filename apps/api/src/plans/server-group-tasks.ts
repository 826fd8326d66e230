import { selectionWords, type Resize, type ServerGroupStage } from '@gennaker/domain';

/** What a stage on one server group does, in order: for people. */
export function serverGroupTasks(stage: ServerGroupStage): readonly string[] {
  return [
    'Take the lock of the cluster',
    `Find ${selectionWords(stage.serverGroup)}`,
    ...changes(stage),
    'Release the lock of the cluster',
  ];
}

function changes(stage: ServerGroupStage): readonly string[] {
  switch (stage.type) {
    case 'resizeServerGroup':
      return [resizeWords(stage.resize), 'Wait until it has that size'];
    case 'enableServerGroup':
      return ['Register its instances and wait until they are healthy', 'Resume its processes'];
    case 'disableServerGroup':
      return [
        stage.percent === 100 ? 'Disable it' : `Take ${stage.percent} % of it out of traffic`,
        'Wait until its targets have drained',
      ];
    case 'destroyServerGroup':
      return [
        ...(stage.allowServing ? ['Disable it, and wait until its targets have drained'] : []),
        'Destroy it (cannot be undone), and wait until it is gone',
      ];
    case 'suspendProcesses':
      return [`Suspend ${stage.processes.join(', ')}`];
    case 'resumeProcesses':
      return [`Resume ${stage.processes.join(', ')}`];
    case 'pinServerGroup':
      return ['Remember its minimum in a tag of it', 'Raise the minimum to its desired size'];
    case 'unpinServerGroup':
      return ['Set its minimum to what its tag remembers', 'Remove the tag'];
    case 'tagServerGroup': {
      const set = stage.tags.map(({ key, value }) => `${key}=${value}`);
      return [
        ...(set.length === 0 ? [] : [`Set its tags ${set.join(', ')}`]),
        ...(stage.remove.length === 0 ? [] : [`Remove its tags ${stage.remove.join(', ')}`]),
      ];
    }
  }
}

function resizeWords(resize: Resize): string {
  switch (resize.action) {
    case 'exact': {
      const { min, desired, max } = resize;
      const part = (size: number | undefined) => (size === undefined ? 'as it is' : `${size}`);
      return `Resize it: min ${part(min)}, desired ${part(desired)}, max ${part(max)}`;
    }
    case 'match':
      return `Give it the sizes of ${selectionWords(resize.serverGroup)}`;
    case 'scaleUp':
    case 'scaleDown': {
      const by = 'percent' in resize ? `${resize.percent} %` : `${resize.instances} instances`;
      return `Scale it ${resize.action === 'scaleUp' ? 'up' : 'down'} by ${by}`;
    }
  }
}

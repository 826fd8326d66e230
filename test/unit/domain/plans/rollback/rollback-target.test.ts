import { rollbackTarget } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, group } from '../plan-builder.js';
import { bad, deployed, stage, thrownBy, up, warm, without } from './rollback-builder.js';

describe('who comes back in a rollback', () => {
  it('is the source that the last successful deploy has recorded, not the newest one there', () => {
    const between = group('web-prod-v001', { enabled: false });
    const third = group('web-prod-v002', { instances: up(3) });
    const view = cluster(warm, between, third);
    const expected = { ...without('toServerGroup'), expectedServing: 'web-prod-v002' };
    const pair = rollbackTarget(expected, view, deployed('web-prod-v000', 'web-prod-v002'));
    expect(pair.target.name).toBe('web-prod-v000');
  });

  const cases = [
    {
      name: 'a group that was destroyed, naming what else is there',
      asked: { ...stage, toServerGroup: 'web-prod-v009' },
      code: 'SERVER_GROUP_NOT_FOUND',
      words: /v009, which is not there: it was destroyed.*There to roll back to: web-prod-v000/,
    },
    {
      name: 'a group that is being deleted',
      groups: [{ ...warm, deleting: true }, bad],
      code: 'SERVER_GROUP_NOT_FOUND',
      words: /is being deleted. No other server group/,
    },
    {
      name: 'another serving group than expected, naming what serves',
      asked: { ...stage, expectedServing: 'web-prod-v005' },
      code: 'CLUSTER_MOVED_ON',
      words: /web-prod-v005 was expected to serve in web-prod, and web-prod-v001 serves now/,
    },
    {
      name: 'a target that serves already',
      groups: [group('web-prod-v000', { instances: up(3) })],
      asked: without('expectedServing'),
      code: 'PRECONDITION_FAILED',
      words: /web-prod-v000 serves already/,
    },
    {
      name: 'no target at all where no deploy is recorded',
      asked: without('toServerGroup'),
      code: 'SERVER_GROUP_NOT_FOUND',
      words: /No successful deploy of web-prod is recorded.*web-prod-v000/,
    },
    {
      name: 'no target where the last deploy was the first one',
      asked: without('toServerGroup'),
      lastDeploy: deployed(null, 'web-prod-v001'),
      code: 'SERVER_GROUP_NOT_FOUND',
      words: /made its first server group/,
    },
    {
      name: 'what the last deploy replaced once something else serves',
      asked: without('toServerGroup', 'expectedServing'),
      lastDeploy: deployed('web-prod-v000', 'web-prod-v007'),
      code: 'CLUSTER_MOVED_ON',
      words: /replaced web-prod-v000 by web-prod-v007, and web-prod-v001 serves now/,
    },
  ] as const;

  it.each(cases)('refuses $name', (one) => {
    const asked = 'asked' in one ? one.asked : stage;
    const groups = 'groups' in one ? one.groups : [warm, bad];
    const lastDeploy = 'lastDeploy' in one ? one.lastDeploy : null;
    const error = thrownBy(() => rollbackTarget(asked, cluster(...groups), lastDeploy));
    expect(error).toMatchObject({ code: one.code });
    expect(String(error)).toMatch(one.words);
  });
});

import { planDeploy } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { blueGreenFacts, blueGroup } from './blue-green-builder.js';
import { serving } from '../plan-builder.js';
import { forward, rule } from '../../weights/rules.js';

type Changes = Parameters<typeof blueGreenFacts>[0];
const planOf = (changes: Changes = {}) => planDeploy(blueGreenFacts(changes));

describe('a blue/green warns', () => {
  it('where a target group is or becomes empty, and Route 53 may evaluate target health', () => {
    const warnings = planOf({ strategy: { warmSeconds: 0 } }).warnings.join(' ');
    expect(warnings).toContain(
      'web-green is empty, and web-blue becomes empty: a Route 53 alias record of web-prod.example',
    );
  });

  it('of both fleets that run, and of who ends that', () => {
    expect(planOf().warnings.join(' ')).toContain(
      'web-prod-v000 stays in service for 3600 s without requests',
    );
  });

  it('of clients that stick, and of a warm time that is shorter', () => {
    const sticky = rule({
      actions: [forward({ stickiness: { enabled: true, durationSeconds: 7200 } })],
    });
    const warnings = planOf({ weights: { rules: [sticky] } }).warnings.join(' ');
    expect(warnings).toContain('Clients stay with their target group for up to 7200 s');
    expect(warnings).toContain('kept warm for 3600 s, and clients stick to it for 7200 s');
  });

  it('of requests that have a limited time to end', () => {
    expect(planOf({ strategy: { warmSeconds: 0 } }).warnings.join(' ')).toContain(
      'Requests under way at web-blue have 30 s to end',
    );
  });

  it('of enabled groups that it leaves alone', () => {
    const other = blueGroup('web-prod-v000', { targetGroupArns: ['other'] });
    const warnings = planOf({
      serverGroups: [other, blueGroup('web-prod-v001')],
      facts: { serverGroup: 'web-prod-v002' },
    }).warnings.join(' ');
    expect(warnings).toContain('left as it is: web-prod-v000');
  });

  it('of more instances that serve than the new group has', () => {
    const two = [blueGroup('web-prod-v000'), blueGroup('web-prod-v001', { instances: serving(3) })];
    const warnings = planOf({
      serverGroups: two,
      facts: { serverGroup: 'web-prod-v002' },
    }).warnings.join(' ');
    expect(warnings).toContain('More than one server group is enabled and will be replaced');
    expect(warnings).toContain('6 instances serve now; the new server group has 3');
  });
});

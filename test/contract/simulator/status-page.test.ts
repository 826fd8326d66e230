import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupInService, layGround, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
});

afterEach(async () => {
  await standIn.close();
});

async function page(): Promise<string> {
  const response = await fetch(`${standIn.running.url}/`);
  expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
  return response.text();
}

describe('the status page', () => {
  it('is one file that fetches nothing but the control routes', async () => {
    const html = await page();
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(
      /https?:\/\/|<link [^>]*href="(?!data:)|<script [^>]*src|@import|url\(/,
    );
  });

  it('has a script without a fault of syntax that writes text and never markup', async () => {
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(await page()) ?? [];
    expect(script.length).toBeGreaterThan(1000);
    expect(new Script(script)).toBeInstanceOf(Script);
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
  });

  it('asks routes that are there', async () => {
    const html = await page();
    for (const route of ['/clock', '/traffic', '/faults', '/holds', '/ledger?since=0', '/state']) {
      expect(html).toContain(`'${route.replace('0', '')}`);
      expect((await standIn.control('GET', route)).status).toBe(200);
    }
  });

  it('can tell which listener sends a target group traffic, and with which weight', async () => {
    const ground = await layGround(standIn);
    await groupInService(standIn, ground);
    const { body } = await standIn.control<{
      scopes: { targetGroups: { forwards: unknown; targets: unknown[] }[] }[];
    }>('GET', '/state');
    const [group] = body.scopes[0]?.targetGroups ?? [];
    expect(group?.forwards).toEqual([{ loadBalancer: 'web', port: 80, weight: 1 }]);
    expect(group?.targets).toHaveLength(3);
  });

  it('takes no AWS call away', async () => {
    const response = await fetch(`${standIn.running.url}/`, { method: 'POST', body: 'Action=X' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('MissingAuthenticationToken');
  });
});

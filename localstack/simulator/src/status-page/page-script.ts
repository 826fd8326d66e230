/**
 * What the page does: asks the control routes, and writes what they say as text, never as markup. Lists are bounded,
 * and it rests five times as long as asking took, so that a large world is not slowed by being looked at.
 */
export const pageScript = String.raw`
'use strict';
const ROWS_MAX = 60, CHIPS_MAX = 8, CALLS_MAX = 40, REST_MS_MIN = 2000;
const place = (id) => document.getElementById(id);
const ask = async (path) => {
  const reply = await fetch('/_simulator' + path);
  if (!reply.ok) throw new Error(path + ' answered ' + reply.status);
  return reply.json();
};
const make = (tag, look, ...inside) => {
  const element = document.createElement(tag);
  if (look) element.className = look;
  element.append(...inside.filter((each) => each !== undefined && each !== null).map((each) => each instanceof Node ? each : String(each)));
  return element;
};
const code = (text) => make('code', '', text);
const chip = (look, text) => make('span', 'chip ' + look, text);
const count = (number) => Number(number ?? 0).toLocaleString('en');
const arnName = (arn) => { const parts = String(arn).split('/'); return parts.length > 3 ? parts[2] : parts[1] ?? arn; };
const tally = (list, of) => { const sums = new Map(); for (const each of list) sums.set(of(each), (sums.get(of(each)) ?? 0) + 1); return [...sums].sort(); };
const GOOD = ['InService', 'Healthy', 'healthy', 'running'], BAD = ['Unhealthy', 'unhealthy', 'terminated'];
const look = (state) => GOOD.includes(state) ? 'good' : BAD.includes(state) ? 'bad' : state === 'unused' || state === 'Standby' ? 'quiet' : 'wait';

const table = (heads, rows, none) => {
  if (rows.length === 0) return make('p', 'quiet', none);
  const head = make('tr', '', ...heads.map((name) => make('th', name.startsWith('#') ? 'number' : '', name.replace('#', ''))));
  const body = rows.slice(0, ROWS_MAX).map((cells) => make('tr', '', ...cells.map((cell, index) =>
    make('td', heads[index].startsWith('#') ? 'number' : '', ...(Array.isArray(cell) ? cell : [cell])))));
  const whole = make('div', 'scroll', make('table', '', head, ...body));
  return rows.length > ROWS_MAX ? make('div', '', whole, make('p', 'quiet', 'and ' + count(rows.length - ROWS_MAX) + ' more: search by name')) : whole;
};
const bar = (good, wait, bad) => {
  const whole = make('div', 'bar');
  for (const [name, share] of [['good', good], ['wait', wait], ['bad', bad]]) {
    if (share === 0) continue;
    const part = make('i', name);
    part.style.flexGrow = share;
    whole.append(part);
  }
  return whole;
};
const tile = (label, number, mark) => make('div', 'tile', make('b', mark, count(number)), make('span', 'quiet', label));
const inScope = (state, list) => state.scopes.flatMap((scope) => scope[list].map((each) => ({ scope, each })));

const showGroups = (state) => {
  const wanted = place('search').value.trim().toLowerCase();
  const rows = inScope(state, 'groups').filter(({ each }) => each.name.toLowerCase().includes(wanted)).map(({ scope, each }) => {
    const states = tally(each.instances, (one) => one.healthStatus === 'Unhealthy' ? 'Unhealthy' : one.lifecycleState);
    const shown = each.instances.slice(0, CHIPS_MAX).map((one) => code(one.instanceId.slice(0, 10) + '… ' + one.zone.slice(-1)));
    const good = each.instances.filter((one) => one.lifecycleState === 'InService' && one.healthStatus === 'Healthy').length;
    const bad = each.instances.filter((one) => one.healthStatus === 'Unhealthy').length;
    return [
      [make('b', '', each.name), make('div', 'quiet whole', scope.account + ' ' + scope.region)],
      make('span', 'whole', each.minSize + ' / ' + each.desired + ' / ' + each.maxSize),
      [bar(good, Math.max(0, Math.max(each.desired, each.instances.length) - good - bad), bad)],
      [...states.map(([name, many]) => chip(look(name), many + ' ' + name)), make('div', 'quiet', ...shown, each.instances.length > CHIPS_MAX ? '+ ' + (each.instances.length - CHIPS_MAX) : '')],
      [each.status ? chip('bad', each.status) : '', ...(each.suspended ?? []).map((name) => chip('wait', name + ' suspended'))],
    ];
  });
  place('groups').replaceChildren(table(['group', 'min / want / max', 'in service', 'instances', ''], rows, wanted ? 'No group is named like that.' : 'No groups yet.'));
};
const showTargets = (state) => {
  const rows = inScope(state, 'targetGroups').map(({ scope, each }) => {
    const reasons = tally(each.targets.filter((one) => one.reason), (one) => one.reason);
    return [
      [make('b', '', each.name), make('div', 'quiet whole', scope.account + ' ' + scope.region)],
      (each.forwards ?? []).map((from) => make('div', '', from.loadBalancer + ':' + from.port + ' ', make('b', '', 'weight ' + from.weight))),
      tally(each.targets, (one) => one.state).map(([name, many]) => chip(look(name), many + ' ' + name)),
      make('span', 'quiet', reasons.map(([name, many]) => many + ' × ' + name).join(', ')),
    ];
  });
  place('targets').replaceChildren(table(['target group', 'gets traffic from', 'targets', 'because'], rows, 'No target groups yet.'));
};
const showTraffic = (traffic) => {
  const rows = traffic.streams.map((each) => [
    make('b', '', arnName(each.loadBalancerArn)),
    count(each.requestsPerSecond),
    count(each.requests),
    make('span', each.requestsWithNoHealthyTarget > 0 ? 'bad' : 'good', count(each.requestsWithNoHealthyTarget)),
    make('span', each.requestsToStoppedTargets > 0 ? 'bad' : 'good', count(each.requestsToStoppedTargets)),
    each.targetGroups.map((one) => make('div', '', arnName(one.targetGroupArn) + ': ' + count(one.requests))),
  ]);
  place('traffic').replaceChildren(table(['load balancer', '#requests/s', '#requests', '#met no healthy target', '#to stopped instances', 'by target group'], rows,
    'No traffic. POST /_simulator/traffic with {"name": "…", "requestsPerSecond": 50} begins some.'));
};
const showFaults = (faults, holds, state) => {
  const rows = faults.faults.map((each) => [
    [code(each.id)],
    [Object.entries(each.match).map(([name, value]) => name + ' ' + value).join(', ') || 'every call'],
    [each.point + ': ' + Object.values(each.effect).map((part) => typeof part === 'object' ? JSON.stringify(part) : part).join(' ').slice(0, 120)],
    [count(each.fired) + (each.times === null ? '' : ' of ' + count(each.times))],
  ]);
  for (const each of state.shortages) rows.push([['shortage'], [[each.region, ...each.zones, ...each.instanceTypes].join(', ')], ['no capacity'], ['']]);
  place('faults').replaceChildren(table(['rule', 'strikes', 'effect', '#fired'], rows, 'None declared.'));
  place('holds').replaceChildren(table(['hold', 'call', 'since'], holds.holds.map((each) => [
    code(each.id), each.call.service + ' ' + each.call.action + ' ' + each.call.resources.join(' ').slice(0, 80), each.heldSince.slice(11, 19)]), 'None: nobody waits for you.'));
};
const showCalls = (ledger) => {
  const rows = ledger.calls.slice(-CALLS_MAX).reverse().map((each) => [
    count(each.n), each.time.slice(11, 19), each.service, make('b', '', each.action),
    [make('span', each.status >= 400 || each.status === 0 ? 'bad' : 'good', (each.status || 'no answer') + (each.errorCode ? ' ' + each.errorCode : '')),
      ...(each.status !== 200 && each.executed ? [' ', chip('wait', 'had its effect')] : []),
      ...each.faultIds.map((id) => chip('wait', id))],
    make('span', 'quiet', each.resources.map((name) => String(name).split(':').pop()).join(' ').slice(0, 90)),
  ]);
  place('calls').replaceChildren(table(['#n', 'at', 'service', 'operation', 'answer', 'about'], rows, 'Nobody has called yet.'));
};
const showSummary = (state, traffic, faults, holds, ledger) => {
  const groups = inScope(state, 'groups').map(({ each }) => each), members = groups.flatMap((each) => each.instances);
  const targets = inScope(state, 'targetGroups').flatMap(({ each }) => each.targets);
  const lost = traffic.streams.reduce((sum, each) => sum + each.requestsWithNoHealthyTarget, 0);
  place('summary').replaceChildren(
    tile('accounts', new Set(state.scopes.map((each) => each.account)).size), tile('groups', groups.length),
    tile('in service', members.filter((each) => each.lifecycleState === 'InService').length, 'good'),
    tile('on their way', members.filter((each) => each.lifecycleState !== 'InService').length),
    tile('healthy targets', targets.filter((each) => each.state === 'healthy').length, 'good'),
    tile('requests met no healthy target', lost, lost > 0 ? 'bad' : ''),
    tile('faults', faults.faults.length + state.shortages.length), tile('calls held', holds.holds.length, holds.holds.length > 0 ? 'wait' : ''), tile('calls', ledger.last));
};
let state;
const refresh = async () => {
  const begun = performance.now();
  try {
    const [clock, traffic, faults, holds, end] = await Promise.all(
      ['/clock', '/traffic', '/faults', '/holds', '/ledger?since=' + Number.MAX_SAFE_INTEGER].map(ask));
    const ledger = await ask('/ledger?since=' + Math.max(0, end.last - CALLS_MAX));
    state = await ask('/state');
    place('clock').textContent = state.now.replace('T', ' ').slice(0, 19) + ' UTC, ' + (clock.kind === 'virtual' ? 'virtual clock' : 'time × ' + clock.scale);
    showSummary(state, traffic, faults, holds, ledger);
    showGroups(state); showTargets(state); showTraffic(traffic); showFaults(faults, holds, state); showCalls(ledger);
    place('trouble').hidden = true;
  } catch (error) {
    place('trouble').textContent = 'The stand-in does not answer: ' + error.message;
    place('trouble').hidden = false;
  }
  setTimeout(refresh, Math.max(REST_MS_MIN, 5 * (performance.now() - begun)));
};
place('search').addEventListener('input', () => state && showGroups(state));
refresh();
`;

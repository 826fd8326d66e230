import type { Simulation } from '../server/simulation.js';
import { CATALOGUE } from '../servicequotas/catalogue.js';
import { applyQuota, findQuota, quotaValue } from '../servicequotas/quotas.js';
import { ControlError, type BodyReader } from './body.js';

const VALUE_MAX = 1_000_000_000;

/** Every quota of every account and region that somebody has called, as it is now. */
export function quotaView(simulation: Simulation): object {
  return {
    scopes: simulation.world.scopes().map((scope) => ({
      account: scope.account,
      region: scope.region,
      quotas: CATALOGUE.map((quota) => ({
        serviceCode: quota.serviceCode,
        quotaCode: quota.quotaCode,
        name: quota.name,
        value: quotaValue(scope, quota),
        awsDefault: quota.byDefault,
      })),
    })),
  };
}

/** Applies a value to one quota of an account and region: `{ account, region, serviceCode, quotaCode, value }`. */
export function setQuota(simulation: Simulation, body: BodyReader): object {
  const member = body.object(['account', 'region', 'serviceCode', 'quotaCode', 'value']);
  const [account, region, serviceCode, quotaCode] = [
    member('account').text(),
    member('region').text(),
    member('serviceCode').text(),
    member('quotaCode').text(),
  ];
  const value = member('value').integer(0, VALUE_MAX);
  const quota = findQuota(serviceCode, quotaCode);
  if (quota === undefined)
    throw new ControlError('/quotaCode', `No quota '${quotaCode}' of service '${serviceCode}'`);
  applyQuota(simulation.world.scope(account, region), quota, value);
  simulation.settle();
  return { account, region, serviceCode, quotaCode, value };
}

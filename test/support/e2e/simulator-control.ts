import type { LedgerEntry } from '@gennaker/simulator';

/** A held AWS call: kept open until it is released. */
export interface HeldCall {
  readonly id: string;
}

/** What a steady request stream has met so far. */
export interface TrafficCount {
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
  /** The fewest healthy targets that shared the requests at any time since the stream began. */
  readonly healthyHostsMin?: number;
}

/** Quotas by their codes in Service Quotas. */
const quotas = {
  standardVcpus: { serviceCode: 'ec2', quotaCode: 'L-1216C47A' },
  targetsPerTargetGroup: { serviceCode: 'elasticloadbalancing', quotaCode: 'L-A0D0B863' },
  targetsPerLoadBalancer: { serviceCode: 'elasticloadbalancing', quotaCode: 'L-7E6692B2' },
} as const;

/** The control routes of the AWS simulator, as a test uses them. */
export class SimulatorControl {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Sets a fault; its id. */
  async fault(rule: Readonly<Record<string, unknown>>): Promise<string> {
    const { id } = await this.#post<{ readonly id: string }>('/faults', rule);
    return id;
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.url}/_simulator/faults`, { method: 'DELETE' });
  }

  /** Waits until a call is held. */
  async nextHold(timeoutSeconds = 60): Promise<HeldCall> {
    const response = await fetch(
      `${this.url}/_simulator/holds/next?timeoutSeconds=${timeoutSeconds}`,
    );
    const { hold } = (await response.json()) as { readonly hold: HeldCall | null };
    if (hold === null) throw new Error('no call was held in time');
    return hold;
  }

  /** Lets it go on, or cuts its connection: held before its effect, it then has none. */
  async release(hold: HeldCall, how: 'continue' | 'reset' = 'continue'): Promise<void> {
    await this.#post(`/holds/${hold.id}/release`, { how });
  }

  /** AWS's time, which passes faster than ours. */
  async now(): Promise<Date> {
    return new Date((await this.#get<{ readonly now: string }>('/clock')).now);
  }

  /** Lets so much of AWS's time pass at once. */
  async advance(seconds: number): Promise<void> {
    await this.#post('/clock/advance', { seconds });
  }

  /** Whether any zone of the region has capacity for new instances. */
  async capacity(available: boolean, region = 'eu-west-1'): Promise<void> {
    await this.#post('/capacity', { region, available });
  }

  /** Whether one zone has capacity for new instances. */
  async zoneCapacity(zone: string, available: boolean): Promise<void> {
    await this.#post('/capacity', { region: zone.slice(0, -1), zones: [zone], available });
  }

  /** From now on the account may have so much of it in eu-west-1. */
  async quota(name: keyof typeof quotas, value: number, account = '111111111111'): Promise<void> {
    const place = { account, region: 'eu-west-1' };
    await this.#post('/quotas', { ...place, ...quotas[name], value });
  }

  /** Instances of the image do not pass health checks from now on; or do again. */
  async imageFault(imageId: string, faulty = true): Promise<void> {
    await this.#post(`/images/${imageId}/fault`, { faulty });
  }

  /** Whether one instance passes health checks from now on. */
  async instanceHealth(instanceId: string, passesHealthChecks: boolean): Promise<void> {
    await this.#post(`/instances/${instanceId}/health`, { passesHealthChecks });
  }

  /** The share of requests, 0 to 1, that instances of the image answer with a 5xx from now on. */
  async imageErrors(imageId: string, errorRate: number): Promise<void> {
    await this.#post(`/images/${imageId}/fault`, { errorRate });
  }

  /** Whether there is capacity for a type, in these zones or in all of eu-west-1. */
  async typeCapacity(
    instanceType: string,
    options: { readonly available: boolean; readonly zones?: readonly string[] },
  ): Promise<void> {
    const { available, zones = [] } = options;
    const body = { region: 'eu-west-1', zones, instanceTypes: [instanceType], available };
    await this.#post('/capacity', body);
  }

  /** How often a fault has struck. Throws when there is none of that id. */
  async firings(id: string): Promise<number> {
    const { faults } = await this.#get<{
      readonly faults: readonly { readonly id: string; readonly fired: number }[];
    }>('/faults');
    const fault = faults.find((one) => one.id === id);
    if (fault === undefined) throw new Error(`there is no fault ${id}`);
    return fault.fired;
  }

  async clearFault(id: string): Promise<void> {
    await fetch(`${this.url}/_simulator/faults/${id}`, { method: 'DELETE' });
  }

  async startTraffic(loadBalancer: string, requestsPerSecond: number): Promise<void> {
    await this.#post('/traffic', { name: loadBalancer, requestsPerSecond });
  }

  async traffic(): Promise<TrafficCount> {
    const [stream] = await this.#streams();
    if (stream === undefined) throw new Error('no traffic was started');
    return stream;
  }

  /** What the stream at this load balancer has met. */
  async trafficOf(loadBalancerArn: string): Promise<TrafficCount> {
    const streams = await this.#streams();
    const stream = streams.find((one) => one.loadBalancerArn === loadBalancerArn);
    if (stream === undefined) throw new Error(`no traffic at ${loadBalancerArn}`);
    return stream;
  }

  async #streams(): Promise<readonly (TrafficCount & { readonly loadBalancerArn: string })[]> {
    const { streams } = await this.#get<{
      readonly streams: readonly (TrafficCount & { readonly loadBalancerArn: string })[];
    }>('/traffic');
    return streams;
  }

  /** Every AWS call so far, in the order of their answers. */
  async ledger(): Promise<readonly LedgerEntry[]> {
    return (await this.#get<{ readonly calls: readonly LedgerEntry[] }>('/ledger')).calls;
  }

  /** The stand-in's whole world: groups with their instances, target groups with their targets. */
  async state(): Promise<unknown> {
    return await this.#get('/state');
  }

  /** The calls with a number above `since`, and the number of the newest call. */
  async ledgerSince(
    since: number,
  ): Promise<{ readonly last: number; readonly calls: readonly LedgerEntry[] }> {
    return await this.#get(`/ledger?since=${since}`);
  }

  async #get<Body>(path: string): Promise<Body> {
    return (await (await fetch(`${this.url}/_simulator${path}`)).json()) as Body;
  }

  async #post<Body>(path: string, body: unknown): Promise<Body> {
    const response = await fetch(`${this.url}/_simulator${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}

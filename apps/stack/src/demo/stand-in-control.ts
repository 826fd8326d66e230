import { z } from 'zod';

import { StoryFailure } from './story-failure.js';

/** The control routes of the stand-in that the story needs; they are no part of AWS. */
export interface StandInControl {
  /** Sends a steady stream of requests to a load balancer. */
  readonly startTraffic: (loadBalancer: string, requestsPerSecond: number) => Promise<void>;
  readonly countRequests: () => Promise<RequestCount>;
  /** Lets so many seconds of its time pass at once. */
  readonly passTime: (seconds: number) => Promise<void>;
  /** Whether any zone of the region can start instances. */
  readonly setCapacity: (region: string, available: boolean) => Promise<void>;
  /** Whether one zone can. */
  readonly setZoneCapacity: (zone: string, available: boolean) => Promise<void>;
  /** The next AWS call of this action gives occasion to a change by somebody else. */
  readonly foreignChange: (occasion: string, change: ForeignChange) => Promise<void>;
}

/** An AWS operation that somebody else calls. */
export interface ForeignChange {
  readonly service: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Requests of all streams since they began. */
export interface RequestCount {
  readonly requests: number;
  readonly metNoHealthyTarget: number;
  /** The fewest healthy targets that shared the requests at any time. */
  readonly healthyTargetsMin: number;
}

/** The stand-in answers within milliseconds. */
const TIMEOUT_MS = 10_000;

const trafficSchema = z.looseObject({
  streams: z.array(
    z.looseObject({
      requests: z.number(),
      requestsWithNoHealthyTarget: z.number(),
      healthyHostsMin: z.number().default(0),
    }),
  ),
});

/** The control of the stand-in at this address. */
export function createStandInControl(baseUrl: string): StandInControl {
  const post = (path: string, body: object): Promise<unknown> =>
    ask(`${baseUrl}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return {
    startTraffic: async (name, requestsPerSecond) => {
      await post('traffic', { name, requestsPerSecond });
    },
    passTime: async (seconds) => {
      await post('clock/advance', { seconds });
    },
    countRequests: async () => {
      const { streams } = trafficSchema.parse(await ask(`${baseUrl}/_simulator/traffic`, {}));
      return {
        requests: sum(streams.map((stream) => stream.requests)),
        metNoHealthyTarget: sum(streams.map((stream) => stream.requestsWithNoHealthyTarget)),
        healthyTargetsMin: Math.min(...streams.map((stream) => stream.healthyHostsMin)),
      };
    },
    setCapacity: async (region, available) => {
      await post('capacity', { region, available });
    },
    setZoneCapacity: async (zone, available) => {
      await post('capacity', { region: zone.slice(0, -1), zones: [zone], available });
    },
    foreignChange: async (occasion, change) => {
      const effect = { kind: 'operation', ...change };
      await post('faults', { match: { action: occasion }, effect, times: 1 });
    },
  };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) {
    throw new StoryFailure(`${url} answers ${response.status}: ${text}`);
  }
  return JSON.parse(text);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

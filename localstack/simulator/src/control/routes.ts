import { OPERATIONS } from '../server/operations.js';
import type { Simulation } from '../server/simulation.js';
import { BodyReader, ControlError } from './body.js';
import { readFault } from './fault-body.js';
import { setImageFault, setInstanceHealth } from './health-routes.js';
import { quotaView, setQuota } from './quota-routes.js';
import { stateView } from './state-view.js';
import { setTraffic, trafficView } from './traffic-routes.js';

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Fires when the caller has gone away. */
  readonly closed: AbortSignal;
}

export interface ControlReply {
  readonly status: number;
  readonly body: object;
}

interface Asked {
  readonly simulation: Simulation;
  readonly body: () => BodyReader;
  readonly query: URLSearchParams;
  readonly id: string;
  readonly closed: AbortSignal;
}

type Route = (asked: Asked) => object | Promise<object>;

const WAIT_SECONDS_MAX = 600;
const ADVANCE_SECONDS_MAX = 31 * 86_400;

/** The control routes; `*` stands for one id. They are no part of AWS and need no credentials. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /_localstack/health': () => ({
    services: Object.fromEntries(
      ['ec2', 'autoscaling', 'elbv2', 'cloudwatch', 'service-quotas', 'ssm', 'sts'].map((name) => [
        name,
        'available',
      ]),
    ),
    edition: 'gennaker-simulator',
    version: '0.1.0',
  }),
  'GET /_simulator/operations': () =>
    Object.fromEntries(
      Object.entries(OPERATIONS).map(([service, handlers]) => [
        service,
        Object.keys(handlers).toSorted(),
      ]),
    ),
  'GET /_simulator/faults': ({ simulation }) => ({ faults: simulation.faults.all() }),
  'POST /_simulator/faults': ({ simulation, body }) => {
    const fault = simulation.faults.add(
      readFault(body(), `fault-${simulation.world.nextNumber()}`),
    );
    simulation.settle();
    return fault;
  },
  'DELETE /_simulator/faults': ({ simulation }) => {
    simulation.faults.remove();
    simulation.settle();
    return { removed: 'all' };
  },
  'DELETE /_simulator/faults/*': ({ simulation, id }) => {
    if (!simulation.faults.remove(id)) throw new ControlError('', `No fault '${id}'`, 404);
    simulation.settle();
    return { removed: id };
  },
  'GET /_simulator/holds': ({ simulation }) => ({ holds: simulation.holds.all() }),
  'GET /_simulator/holds/next': async ({ simulation, query, closed }) => {
    const seconds = numberIn(query, 'timeoutSeconds', { fallback: 30, max: WAIT_SECONDS_MAX });
    const signal = AbortSignal.any([closed, AbortSignal.timeout(seconds * 1000)]);
    return { hold: (await simulation.holds.next(query.getAll('known'), signal)) ?? null };
  },
  'POST /_simulator/holds/*/release': ({ simulation, id, body }) => {
    const how = body().object(['how'])('how');
    if (!simulation.holds.release(id, how.exists ? how.oneOf(['continue', 'reset']) : 'continue')) {
      throw new ControlError('', `No call is held as '${id}'`, 404);
    }
    return { released: id };
  },
  'GET /_simulator/capacity': ({ simulation }) => ({ shortages: simulation.world.capacity.all() }),
  'POST /_simulator/capacity': ({ simulation, body }) => {
    const member = body().object(['region', 'zones', 'instanceTypes', 'available']);
    const [zones, instanceTypes] = ['zones', 'instanceTypes'].map((name) =>
      member(name).exists ? member(name).texts() : [],
    );
    const shortage = {
      region: member('region').text(),
      zones: zones ?? [],
      instanceTypes: instanceTypes ?? [],
    };
    simulation.world.setCapacity(shortage, member('available').boolean());
    simulation.settle();
    return { shortages: simulation.world.capacity.all() };
  },
  'GET /_simulator/quotas': ({ simulation }) => quotaView(simulation),
  'POST /_simulator/quotas': ({ simulation, body }) => setQuota(simulation, body()),
  'GET /_simulator/ledger': ({ simulation, query }) => {
    const since = numberIn(query, 'since', { fallback: 0, max: Number.MAX_SAFE_INTEGER });
    return { last: simulation.ledger.size, calls: simulation.ledger.since(since) };
  },
  'GET /_simulator/clock': ({ simulation }) => clockView(simulation),
  'POST /_simulator/clock/advance': ({ simulation, body }) => {
    simulation.world.advance(body().object(['seconds'])('seconds').number(0, ADVANCE_SECONDS_MAX));
    simulation.settle();
    return clockView(simulation);
  },
  'GET /_simulator/traffic': ({ simulation }) => trafficView(simulation),
  'POST /_simulator/traffic': ({ simulation, body }) => setTraffic(simulation, body()),
  'POST /_simulator/instances/*/health': ({ simulation, id, body }) =>
    setInstanceHealth(simulation, id, body()),
  'POST /_simulator/images/*/fault': ({ simulation, id, body }) =>
    setImageFault(simulation, id, body()),
  'GET /_simulator/state': ({ simulation }) => stateView(simulation),
  'POST /_simulator/reset': ({ simulation }) => {
    simulation.reset();
    return clockView(simulation);
  },
};

/** Answers a control request; a wrong one gets a 400 that says where. */
export async function answerControl(
  simulation: Simulation,
  request: ControlRequest,
): Promise<ControlReply> {
  const url = new URL(request.path, 'http://stand-in');
  const found = findRoute(request.method, url.pathname);
  if (found === undefined) {
    return {
      status: 404,
      body: { error: `No route ${request.method} ${url.pathname}`, routes: Object.keys(ROUTES) },
    };
  }
  try {
    simulation.world.catchUp();
    const body = () => BodyReader.parse(request.body);
    return {
      status: 200,
      body: await found.route({
        simulation,
        body,
        query: url.searchParams,
        id: found.id,
        closed: request.closed,
      }),
    };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return { status: error.status, body: { error: error.message, pointer: error.pointer } };
  }
}

function findRoute(
  method: string,
  path: string,
): { readonly route: Route; readonly id: string } | undefined {
  const exact = ROUTES[`${method} ${path}`];
  if (exact !== undefined) return { route: exact, id: '' };
  const steps = path.split('/');
  const id = steps[3];
  if (id === undefined) return undefined;
  const route = ROUTES[`${method} ${steps.with(3, '*').join('/')}`];
  return route === undefined ? undefined : { route, id: decoded(id) };
}

/** An id that is no valid encoding names nothing, as it stands. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function numberIn(
  query: URLSearchParams,
  name: string,
  range: { readonly fallback: number; readonly max: number },
): number {
  const text = query.get(name);
  const value = text === null ? range.fallback : Number(text);
  if (text === '' || !(value >= 0 && value <= range.max))
    throw new ControlError(`?${name}`, `Expected a number from 0 to ${range.max}`);
  return value;
}

function clockView(simulation: Simulation): object {
  const { setting } = simulation.world.clock;
  return { now: new Date(simulation.world.now()).toISOString(), ...setting };
}

import type { MetricSource } from '../cloudwatch/metric-source.js';
import { Clock, type ClockAnchor, type ClockSetting } from '../kernel/clock.js';
import { EventQueue } from '../kernel/event-queue.js';
import { hexOf } from '../kernel/random.js';
import { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';
import { openSessions, type Session } from '../sts/sessions.js';
import { Capacity, type Shortage } from './capacity.js';
import { Scope, type Surroundings } from './scope.js';
import {
  openSegments,
  openTraffic,
  type TrafficSegment,
  type TrafficStream,
} from './traffic-stream.js';

/** What happens when a planned event is due. */
export type Transition = (scope: Scope, subject: string) => void;

/** How the services of a world hang together: the transitions by kind, and who hears of what. */
export interface Behaviour {
  readonly transitions: ReadonlyMap<string, Transition>;
  readonly instanceChanged: readonly Transition[];
  readonly targetGroupChanged: readonly Transition[];
  /** An alarm of that name has another state than before. */
  readonly alarmChanged: readonly Transition[];
  /** An alarm's actions are due: at a change of its state, and once a minute for as long as it is in ALARM. */
  readonly alarmActs: readonly Transition[];
  /** The metrics that follow from the state of the world. */
  readonly metricSources: readonly MetricSource<Scope>[];
  /** Capacity has come back somewhere in the region. */
  readonly capacityLifted: readonly ((scope: Scope) => void)[];
  /** Called before time moves on: everything stays as it is until that instant. */
  readonly timePasses: readonly ((world: World, until: number) => void)[];
}

export interface WorldOptions {
  readonly clock: ClockSetting;
  readonly seed: string;
  readonly dataFile: string | undefined;
  readonly behaviour: Behaviour;
  /** How long the slowest application takes to start once its instance runs; absent: none takes any time. */
  readonly appStartSeconds?: number;
}

interface Keeping {
  readonly anchor: ClockAnchor;
  readonly now: number;
  readonly ids: number;
  readonly seed: string;
}

/** More events than this at one go mean a circle among the transitions. */
const EVENTS_MAX = 1_000_000;

/** Everything simulated: the tables of all accounts and regions, the time, and what is planned. */
export class World implements Surroundings {
  readonly store: Store;
  readonly queue: EventQueue;
  readonly clock: Clock;
  readonly seed: string;
  readonly appStartSeconds: number;
  readonly capacity: Capacity;
  readonly sessions: Table<Session>;
  readonly traffic: Table<TrafficStream>;
  readonly segments: Table<TrafficSegment>;
  readonly #keeping: Table<Keeping>;
  readonly #scopes = new Map<string, Scope>();
  readonly #behaviour: Behaviour;
  #now: number;
  #ids: number;

  constructor(options: WorldOptions) {
    this.#now = 0;
    this.#behaviour = options.behaviour;
    this.appStartSeconds = options.appStartSeconds ?? 0;
    this.store = new Store(() => this.#now, options.dataFile);
    const scopeNames = new Set(
      this.store.loadedNames.map(scopeNameOf).filter((name) => name !== undefined),
    );
    this.#keeping = this.store.table<Keeping>('world/keeping');
    const kept = this.#keeping.find('world');
    this.seed = kept?.seed ?? options.seed;
    this.clock = new Clock(options.clock, kept?.anchor, this.seed);
    this.#now = kept?.now ?? this.clock.now();
    this.#ids = kept?.ids ?? 0;
    this.queue = new EventQueue(this.store);
    this.capacity = new Capacity(this.store);
    this.sessions = openSessions(this.store);
    this.traffic = openTraffic(this.store);
    this.segments = openSegments(this.store);
    for (const name of scopeNames) this.#open(name);
  }

  now(): number {
    return this.#now;
  }

  scopes(): readonly Scope[] {
    return [...this.#scopes.values()];
  }

  scope(account: string, region: string): Scope {
    return this.#scopes.get(`${account}/${region}`) ?? this.#open(`${account}/${region}`);
  }

  /** A number that no earlier call got; it survives a restart. */
  nextNumber(): number {
    this.#ids += 1;
    return this.#ids;
  }

  /** Hexadecimal digits that no earlier call got; equal for equal seeds and calls. */
  nextHex(digits: number): string {
    return hexOf(`${this.seed}:${this.nextNumber()}`, digits);
  }

  /** Lets everything happen that is due by now. */
  catchUp(): void {
    this.advanceTo(this.clock.now());
  }

  advance(seconds: number): void {
    this.clock.advance(seconds * 1000);
    this.catchUp();
  }

  /** Counts the changes of everything but the counting itself; equal numbers mean that nothing has changed. */
  changes(): number {
    return this.store.version;
  }

  private advanceTo(instant: number): void {
    for (let count = 0; count < EVENTS_MAX; count += 1) {
      const event = this.queue.takeDue(instant);
      if (event === undefined) break;
      this.#moveTo(event.at);
      const [account, region] = event.scope.split('/');
      if (account !== undefined && region !== undefined) {
        this.#behaviour.transitions.get(event.kind)?.(this.scope(account, region), event.subject);
      }
    }
    this.#moveTo(instant);
  }

  instanceChanged(scope: Scope, instanceId: string): void {
    for (const listener of this.#behaviour.instanceChanged) listener(scope, instanceId);
  }

  targetGroupChanged(scope: Scope, arn: string): void {
    for (const listener of this.#behaviour.targetGroupChanged) listener(scope, arn);
  }

  get metricSources(): readonly MetricSource<Scope>[] {
    return this.#behaviour.metricSources;
  }

  alarmChanged(scope: Scope, name: string): void {
    for (const listener of this.#behaviour.alarmChanged) listener(scope, name);
  }

  alarmActs(scope: Scope, name: string): void {
    for (const listener of this.#behaviour.alarmActs) listener(scope, name);
  }

  /** Declares a shortage of capacity, or lifts one; whoever may have waited for it looks again. */
  setCapacity(shortage: Omit<Shortage, 'id'>, available: boolean): void {
    this.capacity.set(shortage, available);
    if (!available) return;
    for (const scope of this.scopes().filter(({ region }) => region === shortage.region)) {
      for (const listener of this.#behaviour.capacityLifted) listener(scope);
    }
  }

  /** Runs a call: all of it happens, or when it throws nothing. */
  attempt<T>(call: () => T): T {
    try {
      return this.store.attempt(call);
    } catch (error) {
      this.queue.reload();
      throw error;
    }
  }

  /** Puts everything that has happened on disk; `always`: also when only quiet tables have changed. */
  commit(always = false): void {
    const anchor = this.clock.anchor;
    const kept = this.#keeping.find('world');
    if (!always && !this.store.isDirty && kept?.anchor === anchor) return;
    this.#keeping.put('world', { anchor, now: this.#now, ids: this.#ids, seed: this.seed });
    this.store.commit();
  }

  close(): void {
    this.commit();
    this.store.close();
  }

  #moveTo(instant: number): void {
    if (instant <= this.#now) return;
    for (const listener of this.#behaviour.timePasses) listener(this, instant);
    this.#now = instant;
  }

  #open(name: string): Scope {
    const [account = '', region = ''] = name.split('/');
    const scope = new Scope(this, account, region);
    this.#scopes.set(name, scope);
    return scope;
  }
}

/** Tables of a scope are called account/region/table. */
function scopeNameOf(table: string): string | undefined {
  const [account, region, name] = table.split('/');
  return name === undefined ? undefined : `${account}/${region}`;
}

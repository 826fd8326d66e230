import { fractionOf, hashOf } from '../kernel/random.js';
import { AwsError } from '../wire/aws-error.js';

/** How far the stand-in goes in being as unpleasant as AWS may be. */
export interface Adversity {
  /** A describe call gives at most so many items a page, whatever it asked for. 0: as many as AWS would. */
  readonly pageSize: number;
  /** Lists come in another order in each listing. */
  readonly shuffled: boolean;
  /** A describe call may see instances, targets and new launch templates as they were so long ago. */
  readonly staleSeconds: number;
  /** The share of describe calls that do. */
  readonly staleShare: number;
  /** Applications take up to so long to start once their instance runs, each another time. */
  readonly appStartSeconds: number;
}

/** With 90 s three applications come up at least 21 s apart: seen one by one at 20 times the speed, looked at each second. */
export const ADVERSE: Adversity = {
  pageSize: 5,
  shuffled: true,
  staleSeconds: 1,
  staleShare: 0.3,
  appStartSeconds: 90,
};
export const KIND: Adversity = {
  pageSize: 0,
  shuffled: false,
  staleSeconds: 0,
  staleShare: 0,
  appStartSeconds: 0,
};

export interface PageRequest<T> {
  readonly rows: readonly T[];
  readonly key: (row: T) => string;
  readonly token: string | undefined;
  /** What the caller asked for, and what AWS gives at most. */
  readonly limit: number | undefined;
  readonly max: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** One call's view of the world: which instant it sees, and in which order. */
export class Reading {
  /** The instant that lagging tables are seen at. */
  readonly asOf: number;
  readonly #seed: string;

  constructor(
    readonly adversity: Adversity,
    call: {
      readonly seed: string;
      readonly number: number;
      readonly now: number;
      /** How old this call's view is, whatever chance says; absent: chance decides. */
      readonly staleMs?: number | undefined;
    },
  ) {
    this.#seed = `${call.seed}:${call.number}`;
    const isStale = fractionOf(`${this.#seed}:stale`) < adversity.staleShare;
    const age = isStale ? fractionOf(`${this.#seed}:age`) * adversity.staleSeconds * 1000 : 0;
    this.asOf = call.now - (call.staleMs ?? age);
  }

  /** A whole list in this call's order. */
  all<T>(rows: readonly T[], key: (row: T) => string): readonly T[] {
    return this.#ordered({ rows, key }, this.#salt()).map(({ row }) => row);
  }

  /** One page. The token holds the listing's order and its last item, so that items made meanwhile harm nothing. */
  page<T>(request: PageRequest<T>): Page<T> {
    const { salt, after } =
      request.token === undefined
        ? { salt: this.#salt(), after: undefined }
        : parseToken(request.token);
    const ordered = this.#ordered(request, salt);
    const rest = after === undefined ? ordered : ordered.filter(({ rank }) => rank > after);
    const size = Math.min(
      request.limit ?? request.max,
      request.max,
      this.adversity.pageSize || request.max,
    );
    const items = rest.slice(0, size);
    const last = items.at(-1);
    const nextToken =
      rest.length > size && last !== undefined ? makeToken(salt, last.rank) : undefined;
    return { items: items.map(({ row }) => row), nextToken };
  }

  /** One page of a list whose order AWS documents: never shuffled. */
  inOrder<T>(request: PageRequest<T>): Page<T> {
    return this.page({ ...request, token: request.token ?? makeToken('', '') });
  }

  #salt(): string {
    return this.adversity.shuffled ? String(hashOf(`${this.#seed}:order`)) : '';
  }

  #ordered<T>(
    list: { readonly rows: readonly T[]; readonly key: (row: T) => string },
    salt: string,
  ) {
    return list.rows
      .map((row) => ({ row, rank: rankOf(salt, list.key(row)) }))
      .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  }
}

function rankOf(salt: string, key: string): string {
  return salt === ''
    ? key
    : `${hashOf(salt + key)
        .toString(16)
        .padStart(8, '0')}${key}`;
}

function makeToken(salt: string, rank: string): string {
  return Buffer.from(JSON.stringify([salt, rank])).toString('base64url');
}

function parseToken(token: string): { readonly salt: string; readonly after: string } {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string') {
      return { salt: value[0], after: value[1] };
    }
  } catch {
    // Fall through: whatever it is, it is no token of ours.
  }
  throw new AwsError('InvalidNextToken', 'The token is not valid.');
}

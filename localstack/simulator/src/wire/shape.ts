/** What a member of a request or reply looks like, as far as the query protocols need it. */
export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' }
  | { readonly kind: 'list'; readonly memberName: string; readonly member: () => Shape }
  | {
      readonly kind: 'map';
      readonly keyName: string;
      readonly valueName: string;
      readonly value: () => Shape;
    }
  | Structure;

/** A structure with its members by name; `queryNames` finds a member by its name in a request. */
export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: readonly Member[];
  readonly queryNames: ReadonlyMap<string, Member>;
}

/** One member: its name in the SDK, in a request, and in a reply. */
export interface Member {
  readonly name: string;
  readonly queryName: string;
  readonly xmlName: string;
  readonly required: boolean;
  readonly place: MemberPlace;
  readonly shape: () => Shape;
}

/** Where a member of a REST call stands; those of the other protocols are all in the body. */
export type MemberPlace =
  | { readonly kind: 'body' }
  | { readonly kind: 'label' | 'query' | 'header'; readonly name: string };

/** How a REST operation is called: the path has its labels in braces, the status is that of success. */
export interface HttpRoute {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** An operation of a service: what goes in and what comes out (`undefined`: nothing). */
export interface Operation {
  readonly name: string;
  readonly input: Structure | undefined;
  readonly output: Structure | undefined;
  /** Only where the service speaks REST. */
  readonly http?: HttpRoute;
}

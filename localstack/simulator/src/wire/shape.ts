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
  readonly shape: () => Shape;
}

/** An operation of a service: what goes in and what comes out (`undefined`: nothing). */
export interface Operation {
  readonly name: string;
  readonly input: Structure | undefined;
  readonly output: Structure | undefined;
}

declare const brand: unique symbol;

/** Id of an execution (a ULID): also the id of its Temporal workflow and of its row. Sorts by creation time. */
export type ExecutionId = string & { readonly [brand]: 'ExecutionId' };

const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The id if the text is a ULID in canonical form, else undefined. */
export function parseExecutionId(text: string): ExecutionId | undefined {
  return ulid.test(text) ? (text as ExecutionId) : undefined;
}

import { GennakerError } from '@gennaker/domain';

/** More pages than any list of ours can have, however small AWS makes them. */
const pagesMax = 5_000;

/** One page of a list: its items and where the next one starts. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * All items of a paged list, also past short and empty pages (AWS may give either). Throws AWS_UNAVAILABLE after 5,000
 * pages, or when AWS sends back the token that it was given.
 */
export async function collectPages<T>(
  what: string,
  readPage: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const page = await readPage(token);
    items.push(...page.items);
    if (page.next === undefined || page.next === '') return items;
    if (page.next === token) throw endless(what, `page ${pages + 1} names itself as the next one`);
    token = page.next;
  }
  throw endless(what, `it has more than ${pagesMax} pages`);
}

/** The list cut into parts of at most `size`, in order and without doubles. */
export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const unique = [...new Set(items)];
  return Array.from({ length: Math.ceil(unique.length / size) }, (_, index) =>
    unique.slice(index * size, (index + 1) * size),
  );
}

/** Reads every chunk at the same time and joins the results in order. */
export async function readChunks<T, R>(
  items: readonly T[],
  size: number,
  read: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  return (await Promise.all(chunksOf(items, size).map(read))).flat();
}

function endless(what: string, found: string): GennakerError {
  return new GennakerError('AWS_UNAVAILABLE', `Listing ${what} was given up: ${found}.`, {
    details: { listing: what },
  });
}

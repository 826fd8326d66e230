import { isCode } from '../calling/is-code.js';
import { collectPages, type Page } from '../calling/pages.js';

/** All pages of what hangs on a group; nothing where Auto Scaling says that the group is not there. */
export async function listAttached<T>(
  what: string,
  readPage: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  try {
    return await collectPages(what, readPage);
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return [];
    throw error;
  }
}

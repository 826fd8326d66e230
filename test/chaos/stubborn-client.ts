import { randomUUID } from 'node:crypto';

import type { Gennaker } from '../support/e2e/gennaker.js';

const triesMax = 60;
const pauseMs = 500;

/** Posts with one key until the answer is other than "later"; a repeat of an accepted request is answered the same. */
export async function postUntilAnswered(
  gennaker: Gennaker,
  path: string,
  body: unknown,
): Promise<void> {
  const key = randomUUID();
  for (let tries = 0; tries < triesMax; tries += 1) {
    const answer = await gennaker.api.post(path, body, { key });
    if (answer.status < 300) return;
    if (answer.status < 500) {
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`${path}: no answer after ${triesMax} tries`);
}

/** Takes what is there, or makes it; either way says so. */
export async function ensured<T>(
  subject: string,
  log: (line: string) => void,
  steps: { readonly find: () => Promise<T | undefined>; readonly make: () => Promise<T> },
): Promise<T> {
  const found = await steps.find();
  if (found !== undefined) {
    log(`${subject}: there`);
    return found;
  }
  const made = await steps.make();
  log(`${subject}: made`);
  return made;
}

/** The value, or a failure that says what AWS did not return. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`AWS did not return ${what}`);
  return value;
}

const POLL_MS = 500;

/** Asks again and again until the answer is there; gives up after so many seconds. */
export async function awaited<T>(
  what: string,
  timeoutSeconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  throw new Error(`${what} did not come about within ${timeoutSeconds} s`);
}

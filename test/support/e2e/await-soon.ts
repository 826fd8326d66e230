const lookEveryMs = 200;
const withinMs = 60_000;

/** Looks again and again until it holds, at most a minute; throws, naming what did not come about. */
export async function awaitSoon(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

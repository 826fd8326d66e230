/** Somebody's wish that the stack stops: by a signal, or by npm's own end. */
export interface StopRequest {
  /** Aborted at the first wish; the reason says whose it was. */
  readonly signal: AbortSignal;
  /** Called at the second signal, when a person will not wait any longer. */
  readonly onImpatience: (hurry: () => void) => void;
  /** Gives the signals back to the system. */
  readonly dispose: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C below npm arrives twice: from the terminal and from npm, which hands it on. */
const SAME_WISH_MS = 700;
const LOOK_AT_PARENT_MS = 1_000;

/**
 * Listens for the wish to stop. Below npm it also looks for npm's end once a second: npm passes a
 * SIGTERM only to its shell, which ends without telling us.
 */
export function listenForStop(belowNpm: boolean): StopRequest {
  const controller = new AbortController();
  let firstAt = 0;
  let hurry: (() => void) | undefined;
  const wish = (reason: string): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort(new Error(reason));
    } else if (performance.now() - firstAt > SAME_WISH_MS) {
      hurry?.();
    }
  };
  for (const signal of SIGNALS) {
    process.on(signal, wish);
  }
  const parent = process.ppid;
  const look = setInterval(() => {
    if (belowNpm && process.ppid !== parent && !controller.signal.aborted) {
      wish('npm has ended');
    }
  }, LOOK_AT_PARENT_MS);
  look.unref();
  return {
    signal: controller.signal,
    onImpatience: (callback) => (hurry = callback),
    dispose: () => {
      clearInterval(look);
      for (const signal of SIGNALS) {
        process.off(signal, wish);
      }
    },
  };
}

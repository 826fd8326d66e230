/** How a step tells what it is doing now. The last word said is shown as its outcome. */
export interface Progress {
  readonly say: (text: string) => void;
}

/** For steps whose progress nobody watches. */
export const silentProgress: Progress = { say: () => undefined };

import type { Child, ChildRegistry } from '@gennaker/stack';
import { startChild } from '@gennaker/stack';

/** What a managed process is and how one knows that it serves. */
export interface ManagedProcessSpec {
  readonly name: string;
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly readyUrl: string;
}

/** How long a process may take until it says that it is ready. */
const readyWithinMs = 60_000;

/** A process of ours that a test may kill and start again. */
export class ManagedProcess {
  readonly #spec: ManagedProcessSpec;
  readonly #registry: ChildRegistry;
  #child: Child | undefined;

  /** Where all that it writes goes. */
  get logFile(): string {
    return this.#spec.logFile;
  }

  constructor(spec: ManagedProcessSpec, registry: ChildRegistry) {
    this.#spec = spec;
    this.#registry = registry;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    await this.launch();
    await this.ready();
  }

  /** Starts it without waiting. */
  async launch(): Promise<void> {
    const { name, main, env, logFile } = this.#spec;
    this.#child = await startChild(
      { name, command: process.execPath, args: [main], env, logFile, stopSignal: 'SIGTERM' },
      this.#registry,
    );
  }

  /** Waits until it says that it is ready; throws when it ends before. */
  async ready(): Promise<void> {
    const deadline = Date.now() + readyWithinMs;
    while (!(await answersOk(this.#spec.readyUrl))) {
      if (this.#child?.hasExited() ?? true) {
        throw new Error(`${this.#spec.name} ended; see ${this.#spec.logFile}`);
      }
      if (Date.now() > deadline) throw new Error(`${this.#spec.name} is not ready`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The process's id. Throws before the first start. */
  get pid(): number {
    if (this.#child === undefined) throw new Error(`${this.#spec.name} was not started`);
    return this.#child.process.pid;
  }

  /** Where it listens. */
  get url(): string {
    return new URL(this.#spec.readyUrl).origin;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** SIGTERM, and waits for the end. */
  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

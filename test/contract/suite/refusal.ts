import { AssertionError } from 'node:assert/strict';
import type { Behaviour } from './scenario.js';
import type { Stage } from './stage.js';

/** How AWS refuses: its code as it is on the wire, the HTTP status, and a part of the sentence. */
export interface Refusal {
  readonly code: string | readonly string[];
  /** 400 unless said. */
  readonly status?: number;
  readonly says?: RegExp;
}

/** Resolves when the call is refused in this way; throws when it succeeds or is refused otherwise. */
export async function refused(call: Promise<unknown>, refusal: Refusal): Promise<void> {
  const codes = typeof refusal.code === 'string' ? [refusal.code] : refusal.code;
  const wanted = `refused with ${codes.join(' or ')} (${refusal.status ?? 400})`;
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw differs(`expected to be ${wanted}, was accepted`);
  const found = readError(error);
  const isSame =
    codes.includes(found.code) &&
    found.status === (refusal.status ?? 400) &&
    (refusal.says?.test(found.message) ?? true);
  if (!isSame) {
    const says = refusal.says === undefined ? '' : ` saying ${String(refusal.says)}`;
    throw differs(
      `expected to be ${wanted}${says}, found ${found.code} (${found.status}): ${found.message}`,
    );
  }
}

/** A row of a table of refusals. */
export interface RefusalRow extends Refusal {
  readonly name: string;
  readonly title: string;
  readonly page?: string;
  readonly call: (stage: Stage) => Promise<unknown>;
}

/** One scenario a row; the row's call may lay its ground before it sends what is refused. */
export function refusals(rows: readonly RefusalRow[]): readonly Behaviour[] {
  return rows.map(({ name, title, page, call, ...refusal }) => ({
    name,
    title,
    ...(page === undefined ? {} : { page }),
    run: async (stage) => refused(call(stage), refusal),
  }));
}

export interface FoundError {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** The wire's code and status of an error that the SDK has thrown. */
export function readError(error: unknown): FoundError {
  if (!(error instanceof Error)) return { code: 'no error', status: 0, message: String(error) };
  const code: unknown = Reflect.get(error, 'Code');
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown =
    typeof metadata === 'object' && metadata !== null
      ? Reflect.get(metadata, 'httpStatusCode')
      : undefined;
  return {
    code: typeof code === 'string' && code !== '' ? code : error.name,
    status: typeof status === 'number' ? status : 0,
    message: error.message.split('\n')[0] ?? '',
  };
}

function differs(message: string): AssertionError {
  return new AssertionError({ message });
}

import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';

/** Credentials that AssumeRole has handed out. */
export interface Session {
  readonly accessKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** The account of everybody who names none. */
const DEFAULT_ACCOUNT = '000000000000';
export function openSessions(store: Store): Table<Session> {
  return store.table<Session>('world/sessions');
}

/** A key id of twelve digits is an account; one that AssumeRole gave is its role's; any other is the default one. */
export function accountOf(sessions: Table<Session>, accessKeyId: string): string {
  if (/^\d{12}$/.test(accessKeyId)) return accessKeyId;
  return sessions.find(accessKeyId)?.account ?? DEFAULT_ACCOUNT;
}

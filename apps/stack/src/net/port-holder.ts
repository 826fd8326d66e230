import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { findCommandLine } from '../process/process-identity.js';

const LISTENING = '0A';
const WORDS_SHOWN = 120;

/**
 * Who listens on a TCP port of this machine, for a message to a person: "process 12 (nginx: master)".
 * Undefined where that cannot be told, as with processes of other users.
 */
export function findPortHolder(port: number): string | undefined {
  const pid = process.platform === 'linux' ? holderInProc(port) : holderByLsof(port);
  if (pid === undefined) {
    return undefined;
  }
  const command = findCommandLine(pid)?.slice(0, WORDS_SHOWN);
  return command === undefined ? `process ${pid}` : `process ${pid} (${command})`;
}

function holderInProc(port: number): number | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((t) => inodesIn(t, port)));
  if (inodes.size === 0) {
    return undefined;
  }
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .find((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

/** Columns of proc_pid_net(5): 1 is the local address, 3 the state, 9 the inode. */
function inodesIn(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(suffix) === true && columns[3] === LISTENING)
      .flatMap((columns) => (columns[9] === undefined ? [] : [columns[9]]));
  } catch {
    return [];
  }
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function holderByLsof(port: number): number | undefined {
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
    const out = execFileSync('lsof', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(out.split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

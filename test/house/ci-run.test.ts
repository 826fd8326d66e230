import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { repository } from './cruise.js';

/** Stands in for npm: does what the variables say, as each of the three commands would. */
const npm = `#!/usr/bin/env bash
case "$1" in
  ci) exit "\${INSTALL_STATUS:-0}" ;;
  test)
    if [ -n "\${HANG:-}" ]; then echo $$; exec tail -f /dev/null; fi
    for word in "$@"; do
      case "$word" in --outputFile.json=*) [ -n "\${REPORT:-}" ] && printf %s "$REPORT" >"\${word#*=}" ;; esac
    done
    exit "\${TEST_STATUS:-0}" ;;
  run) printf '%b' "\${CHECK:-}"; exit 0 ;;
esac
`;

const passing = report({ numPassedTests: 10 }, [{ status: 'passed', assertionResults: [] }]);
const failing = report({ numPassedTests: 10, numFailedTests: 1, numPendingTests: 2 }, [
  { status: 'failed', assertionResults: [{ status: 'failed' }] },
  { status: 'failed', assertionResults: [] },
]);
const checked = 'check: 6 passed, 0 failed\\n';

describe('.ci/run', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'gennaker-ci-'));
    mkdirSync(path.join(folder, 'bin'));
    mkdirSync(path.join(folder, 'checkout/.ci'), { recursive: true });
    copyFileSync(path.join(repository, '.ci/run'), path.join(folder, 'checkout/.ci/run'));
    writeFileSync(path.join(folder, 'bin/npm'), npm);
    chmodSync(path.join(folder, 'bin/npm'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [
      'everything passes',
      { REPORT: passing, CHECK: checked },
      { line: '16 passed, 0 failed', status: 0 },
    ],
    [
      'tests, a file of tests, and checks fail',
      { REPORT: failing, TEST_STATUS: '1', CHECK: 'check: 4 passed, 2 failed (a, b)\\n' },
      { line: '14 passed, 4 failed, 2 skipped', status: 1 },
    ],
    [
      'the tests crash',
      { TEST_STATUS: '134', CHECK: checked },
      { line: '6 passed, 1 failed', status: 1 },
    ],
    [
      'the report is cut off',
      { REPORT: '{"numPass', TEST_STATUS: '1', CHECK: checked },
      { line: '6 passed, 1 failed', status: 1 },
    ],
    [
      'something fails outside of a test',
      { REPORT: passing, TEST_STATUS: '1', CHECK: checked },
      { line: '16 passed, 1 failed', status: 1 },
    ],
    [
      'no test is run',
      { REPORT: report({}, []), CHECK: checked },
      { line: '6 passed, 1 failed', status: 1 },
    ],
    [
      'the checks crash',
      { REPORT: passing, CHECK: 'oh\\n' },
      { line: '10 passed, 1 failed', status: 1 },
    ],
    ['the installation fails', { INSTALL_STATUS: '1' }, { line: '0 passed, 1 failed', status: 1 }],
  ])('says so when %s', (_case, variables, end) => {
    const env = environment(variables);
    const run = spawnSync(path.join(folder, 'checkout/.ci/run'), [], { encoding: 'utf8', env });
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(end.line);
    expect(run.status).toBe(end.status);
  });

  it('ends the tests when it is ended', async () => {
    const run = spawn(path.join(folder, 'checkout/.ci/run'), [], {
      env: environment({ HANG: 'yes' }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = await printedPid(run);
    run.kill('SIGTERM');
    const [status] = (await once(run, 'exit')) as [number];
    expect(status).toBe(1);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  function environment(variables: Readonly<Record<string, string>>): Record<string, string> {
    const programs = [path.join(folder, 'bin'), path.dirname(process.execPath), '/usr/bin', '/bin'];
    return { PATH: programs.join(':'), ...variables };
  }
});

/** Resolves with the first line of output that is a process id. */
function printedPid(child: ChildProcessByStdio<null, Readable, null>): Promise<number> {
  return new Promise((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      const pid = /^\d+$/m.exec(text.toString())?.[0];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
}

function report(counts: object, testResults: readonly object[]): string {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  return JSON.stringify({ ...none, ...counts, testResults });
}

/**
 * `npm run check`: runs every `check:…` script of package.json in its order, whatever the ones before
 * it found, and says at the end which failed. Needs nothing built.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const prefix = 'check:';

const failed = checkNames().filter((name) => !run(name));
const passed = checkNames().length - failed.length;
process.stdout.write(`\ncheck: ${passed} passed, ${failed.length} failed`);
process.stdout.write(failed.length === 0 ? '\n' : ` (${failed.join(', ')})\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function checkNames(): readonly string[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return Object.keys(manifest.scripts).filter((name) => name.startsWith(prefix));
}

function run(name: string): boolean {
  process.stdout.write(`\n== ${name}\n`);
  const started = Date.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} (${seconds} s)\n`);
  return status === 0;
}

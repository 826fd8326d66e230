/*
 * The launcher. This file imports nothing: on a Node that is too old the others may not even parse.
 */
const NEEDED_MAJOR = 22;
const NEEDED_MINOR = 12;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (process.platform === 'win32') {
  process.stderr.write('Gennaker runs on Linux and macOS. On Windows use it inside of WSL.\n');
  process.exit(1);
}
if (major < NEEDED_MAJOR || (major === NEEDED_MAJOR && minor < NEEDED_MINOR)) {
  process.stderr.write(
    [
      `Gennaker needs Node ${NEEDED_MAJOR}.${NEEDED_MINOR} or newer, and this is Node ${process.versions.node} (${process.execPath}).`,
      'On Linux start it through npm ("npm start", "npm run demo"): "npm ci" has installed its own Node.',
      `On macOS install Node ${NEEDED_MAJOR}.${NEEDED_MINOR} or newer.\n`,
    ].join('\n'),
  );
  process.exit(1);
}
const { runCommandLine } = await import('./commands/command-line.js');
process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
});

/** What the launcher is asked to do. */
export type Command =
  | { readonly name: 'start' }
  | { readonly name: 'demo'; readonly keep: boolean }
  | { readonly name: 'help' };

/** A command line that was understood, or what is wrong with it. */
export type ParsedArguments =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'wrong'; readonly fault: string };

const HELP_WORDS: readonly string[] = ['help', '--help', '-h'];

/** Reads the words behind the program's name; an unknown one is named. */
export function parseArguments(args: readonly string[]): ParsedArguments {
  const [name, ...rest] = args;
  if (name === undefined) {
    return wrong('Say what to do: start, demo or help.');
  }
  if (HELP_WORDS.includes(name) || rest.some((word) => HELP_WORDS.includes(word))) {
    return { kind: 'command', command: { name: 'help' } };
  }
  if (name !== 'start' && name !== 'demo') {
    return wrong(`Unknown command "${name}".`);
  }
  const unknown = rest.filter((word) => !(name === 'demo' && word === '--keep'));
  if (unknown.length > 0) {
    const words = unknown.map((word) => `"${word}"`).join(', ');
    return wrong(`Unknown argument${unknown.length > 1 ? 's' : ''} of ${name}: ${words}.`);
  }
  if (name === 'start') {
    return { kind: 'command', command: { name } };
  }
  return { kind: 'command', command: { name, keep: rest.includes('--keep') } };
}

function wrong(fault: string): ParsedArguments {
  return { kind: 'wrong', fault };
}

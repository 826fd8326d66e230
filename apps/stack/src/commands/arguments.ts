import { demoNames } from '../demo/demo-names.js';

/** What the launcher is asked to do. */
export type Command =
  | { readonly name: 'start' }
  /** `play` is an example pipeline or friday; undefined: the whole story. */
  | { readonly name: 'demo'; readonly keep: boolean; readonly play: string | undefined }
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
  const plays = name === 'demo' ? demoNames() : [];
  const unknown = rest.filter((word) => !(name === 'demo' && isOfDemo(word, plays)));
  if (unknown.length > 0) {
    const words = unknown.map((word) => `"${word}"`).join(', ');
    const known = name === 'demo' ? ` It knows --keep and ${plays.join(', ')}.` : '';
    return wrong(`Unknown argument${unknown.length > 1 ? 's' : ''} of ${name}: ${words}.${known}`);
  }
  if (name === 'start') {
    return { kind: 'command', command: { name } };
  }
  const [play, another] = rest.filter((word) => word !== '--keep');
  if (another !== undefined) {
    return wrong(`One demo at a time: "${play}" or "${another}".`);
  }
  return { kind: 'command', command: { name, keep: rest.includes('--keep'), play } };
}

function isOfDemo(word: string, plays: readonly string[]): boolean {
  return word === '--keep' || plays.includes(word);
}

function wrong(fault: string): ParsedArguments {
  return { kind: 'wrong', fault };
}

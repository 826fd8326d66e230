/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  /** Ours by the peer's, where a peer exists. */
  readonly ratio?: string;
  readonly n: number;
  readonly holds: boolean;
}

/** The rows as Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, target, measured, ratio = '', n, holds }) =>
      `| ${what} | ${target} | ${measured} | ${ratio} | ${n} | ${holds ? 'yes' : '**no**'} |`,
  );
  return [
    '| What | Target | Measured | Ratio | n | Holds |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const begin = '<!-- measured: npm run bench -- --write -->';
const end = '<!-- end of measured -->';

/** The document with the text between the markers. Throws where it has no markers. */
export function withMeasured(document: string, text: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}

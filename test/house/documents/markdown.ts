/** A part of a document that is written by machine, between two comments that name it. */
export interface GeneratedPart {
  readonly name: string;
  readonly body: string;
}

/** The document with the parts replaced. Throws when it has no place for a part. */
export function withGenerated(document: string, parts: readonly GeneratedPart[]): string {
  return parts.reduce((text, { name, body }) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`no place for "${name}": write ${begin} and ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${body.trim()}\n\n${text.slice(to)}`;
  }, document);
}

/** A table in Markdown; a bar or a line break inside a cell is made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A word as code; an empty one stays empty. */
export function code(word: string): string {
  return word === '' ? '' : `\`${word}\``;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}

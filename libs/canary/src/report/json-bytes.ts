/** Bytes of a value written as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return utf8Bytes(JSON.stringify(value));
}

/** The beginning of a text that takes at most so many bytes as JSON, with "…" where something is missing. */
export function cutText(text: string, bytesMax: number): string {
  // No character takes less than a byte, so that the rest of a long text need not be looked at.
  const beginning = text.slice(0, bytesMax + 1);
  if (beginning === text && jsonBytes(text) - 2 <= bytesMax) return text;
  const ellipsis = '…';
  let kept = '';
  let bytes = utf8Bytes(ellipsis);
  for (const character of beginning) {
    bytes += jsonBytes(character) - 2;
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept + ellipsis;
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Each half of a pair of units stands for two of four bytes.
    const isHalf = unit >= 0xd800 && unit < 0xe000;
    if (unit >= 0x80) bytes += unit < 0x800 || isHalf ? 1 : 2;
  }
  return bytes;
}

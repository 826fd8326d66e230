/** A number from 0 (inclusive) to 1 (exclusive) that follows from the text alone (FNV-1a with a final mix). */
export function fractionOf(text: string): number {
  return hashOf(text) / 4_294_967_296;
}

/** A 32-bit number that follows from the text alone. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Hexadecimal digits that follow from the text alone: for ids. */
export function hexOf(text: string, digits: number): string {
  let hex = '';
  for (let block = 0; hex.length < digits; block += 1)
    hex += hashOf(`${text}#${block}`).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}

/** How many walks each property takes in an ordinary run; the long run says otherwise (`npm run walks`). */
const walksDefault = 300;

export const walks = walksOf();

/** A walk computes for milliseconds; on a busy machine for several times that. Three minutes for each thousand. */
export const walksMs = Math.max(60_000, walks * 180);

function walksOf(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const walksWanted = Number(env['GENNAKER_WALKS'] ?? walksDefault);
  if (Number.isInteger(walksWanted) && walksWanted > 0) return walksWanted;
  throw new Error(`GENNAKER_WALKS must be a whole number above 0, not ${env['GENNAKER_WALKS']}`);
}

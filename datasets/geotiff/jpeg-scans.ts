/**
 * What decoding may cost: a progressive JPEG goes over all of its pixels again for every scan, and a scan takes a few bytes. Real ones have a
 * dozen. 64 million pixels a hundred times take four seconds.
 */
const mostScanned = 6.4e9;

const scanMarker = Uint8Array.of(0xff, 0xda);

/**
 * Scans of a JPEG by their markers (ITU-T T.81, B.1.1.3: in what is coded, 0xff stands before 0 or a restart alone). Those of a preview inside
 * count as well: an upper bound.
 */
const countScans = (jpeg: Uint8Array): number => {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let count = 0;
  for (let at = bytes.indexOf(scanMarker); at >= 0; at = bytes.indexOf(scanMarker, at + 2)) count++;
  return count;
};

/** Throws `RangeError` for a JPEG of `pixels` whose scans would keep a decoder busy for long. Its decoder could not be ended. */
export const requireFewScans = (jpeg: Uint8Array, pixels: number): void => {
  const scans = countScans(jpeg);
  if (scans * pixels > mostScanned) throw new RangeError(`${scans} scans of ${pixels} pixels`);
};

import { SwathError } from "../../pipeline/errors.ts";
import type { Piece } from "../../pipeline/link/frames/piece.ts";
import { instant, type Instant } from "../../pipeline/units.ts";

/** A piece of a product, when its frame began to leave the satellite, and when the last bit of that was at the station. */
export interface HeardPiece extends Piece {
  readonly sentAt: Instant;
  readonly heardAt: Instant;
}

/** What a station hands to the mission centre of one link segment: the pieces of every frame that arrived whole. */
export interface Backhaul {
  readonly station: string;
  readonly satellite: string;
  readonly pieces: readonly HeardPiece[];
}

/** One piece in the header; times in seconds, lengths in bytes. */
type Entry = readonly [
  product: number,
  offset: number,
  total: number,
  length: number,
  sentAt: number,
  heardAt: number,
];

interface Header {
  readonly version: 2;
  readonly station: string;
  readonly satellite: string;
  readonly pieces: readonly Entry[];
}

/** A u32 length, that many bytes of JSON, then the data of all pieces back to back. Terrestrial: not counted. */
export const encodeBackhaul = ({ station, satellite, pieces }: Backhaul): Uint8Array => {
  const entries = pieces.map(({ product, offset, total, data, sentAt, heardAt }): Entry => [
    product,
    offset,
    total,
    data.length,
    sentAt,
    heardAt,
  ]);
  const header = Buffer.from(
    JSON.stringify({ version: 2, station, satellite, pieces: entries } satisfies Header),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, ...pieces.map(({ data }) => data)]);
};

/** The pieces view `message`. Throws `SwathError("bus")` when it is of another version. */
export const decodeBackhaul = (message: Uint8Array): Backhaul => {
  const view = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const headerEnd = 4 + view.readUInt32BE(0);
  const header = JSON.parse(view.toString("utf8", 4, headerEnd)) as Header;
  if (header.version !== 2) {
    throw new SwathError("bus", {
      what: "message of a station",
      wanted: "version 2",
      got: `${String(header.version)}`,
      hint: "run the same release of swath on every node",
    });
  }
  let at = headerEnd;
  const pieces = header.pieces.map(([product, offset, total, length, sentAt, heardAt]): HeardPiece => {
    const data = message.subarray(at, at + length);
    at += length;
    return { product, offset, total, data, sentAt: instant(sentAt), heardAt: instant(heardAt) };
  });
  return { station: header.station, satellite: header.satellite, pieces };
};

import { z } from "zod";
import {
  longestMessage,
  openMessage,
  readJson,
  sealMessage,
  type MessageFormat,
} from "../../pipeline/message.ts";
import { ordersLedgerSchema } from "../../pipeline/mission/ledger-schema.ts";
import type { FleetRecord, FlightName } from "./fleet-record.ts";

/** What a shard of a simulated fleet hands in, on subject `row`: the record of one satellite that it has flown. */
export interface RowMessage {
  readonly kind: "record";
  readonly flight: FlightName;
  readonly record: FleetRecord;
}

/** Version 1 was JSON without a head. */
const format: MessageFormat<RowMessage["kind"]> = {
  subject: "row",
  letter: "R",
  version: 2,
  kinds: ["record"],
  bound: longestMessage,
  failure: "bus",
};

const schema = z.object({
  flight: z.enum(["direct", "mesh"]),
  record: z.object({
    // Its columns are plain figures; which of them there are, a summary's version says.
    row: z.object({ satellite: z.string() }).catchall(z.number().nullable()),
    made: z.record(z.string(), z.number()),
    delays: z.record(z.string(), z.array(z.number())),
    stations: z.array(
      z.object({ station: z.string(), contacts: z.number(), bytes: z.number(), seconds: z.number() }),
    ),
    // Plain figures, too.
    use: z.object({ satellite: z.string() }).catchall(z.number().nullable()),
    orders: ordersLedgerSchema.optional(),
    ordered: z.array(z.tuple([z.number(), z.number()])).optional(),
    book: z
      .object({
        ledger: z.looseObject({ schema: z.literal("swath-satellite-ledger/1"), satellite: z.string() }),
        landings: z.array(z.looseObject({ acquisition: z.number(), kind: z.string() })),
      })
      .optional(),
    shared: z.record(z.string(), z.number()).optional(),
    log: z.string().optional(),
  }),
});

/** Throws `SwathError("bus")` beyond the bound. */
export const encodeRowMessage = ({ kind, flight, record }: RowMessage): Uint8Array =>
  sealMessage(format, kind, Buffer.from(JSON.stringify({ flight, record })));

/** Throws `SwathError("bus")` for a message that this release does not read. */
export const decodeRowMessage = (message: Uint8Array): RowMessage => {
  const { kind, body } = openMessage(format, message);
  const { flight, record } = readJson(format, kind, schema, body);
  return { kind, flight, record: record as unknown as FleetRecord };
};

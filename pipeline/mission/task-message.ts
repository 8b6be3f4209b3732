import { z } from "zod";
import { openMessage, readJson, sealMessage, type MessageFormat } from "../message.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import { bytes, instant } from "../units.ts";

/** What a satellite is to do, on subject `task`: a reference, never pixels. */
export interface TaskMessage {
  readonly kind: "acquisition";
  readonly acquisition: Acquisition;
}

/** Version 1 was JSON without a head. */
const format: MessageFormat<TaskMessage["kind"]> = {
  subject: "task",
  letter: "T",
  version: 2,
  kinds: ["acquisition"],
  bound: bytes(64 * 1024),
  failure: "bus",
};

const acquisitionSchema = z.object({
  index: z.int().min(0),
  satellite: z.string().max(255),
  scene: z.string().max(10_000),
  at: z.number().transform(instant),
});

/** Throws `SwathError("bus")` beyond the bound. */
export const encodeTaskMessage = ({ kind, acquisition }: TaskMessage): Uint8Array =>
  sealMessage(format, kind, Buffer.from(JSON.stringify(acquisition)));

/** Throws `SwathError("bus")` for a message that this release does not read. */
export const decodeTaskMessage = (message: Uint8Array): TaskMessage => {
  const { kind, body } = openMessage(format, message);
  return { kind, acquisition: readJson(format, kind, acquisitionSchema, body) };
};

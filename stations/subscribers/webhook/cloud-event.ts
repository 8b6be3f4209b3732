import { createHmac } from "node:crypto";
import { type Journal, type JournalEntry, textOf } from "../journal.ts";
import { formatPosition } from "../position.ts";

/** A detection as a CloudEvent (CloudEvents 1.0.2, JSON format, structured mode). `id` is the detection's: the same when it is sent again. */
export const cloudEvent = (journal: Pick<Journal, "id">, { seq, result, data }: JournalEntry): string => {
  const head = JSON.stringify({
    specversion: "1.0",
    id: result.id,
    source: `/swath/runs/${result.run}`,
    type: "swath.detection.v2",
    subject: result.class,
    time: result.received_at,
    datacontenttype: "application/json",
    sequence: formatPosition(journal, seq),
  });
  return `${head.slice(0, -1)},"data":${textOf({ data })}}`;
};

/**
 * The headers of a call: its media type, and who calls, as Standard Webhooks has it: HMAC-SHA256 of `id.timestamp.body`. Without a secret it
 * is not signed. `now` in milliseconds since 1970.
 */
export const webhookHeaders = (
  id: string,
  body: string,
  secret: Uint8Array | null,
  now: number,
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(now / 1000));
  const told = {
    "Content-Type": "application/cloudevents+json; charset=UTF-8",
    "User-Agent": "swath",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
  };
  if (secret === null) return told;
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...told, "webhook-signature": `v1,${signature}` };
};

/** The key in a secret's file: base64 behind `whsec_`, as Standard Webhooks writes it, else the text itself, without the line's end. */
export const secretKey = (text: string): Uint8Array => {
  const told = text.trim();
  return told.startsWith("whsec_") ? Buffer.from(told.slice("whsec_".length), "base64") : Buffer.from(told);
};

import { ByteReader, ByteWriter } from "../product/byte-cursor.ts";
import { instant, type Instant } from "../units.ts";
import { idPattern } from "./order-bounds.ts";
import type { OrderAnswer } from "./order-answer.ts";

/** What a satellite says of one order, as it goes down. */
export interface NamedAnswer {
  /** Of the order. */
  readonly id: string;
  readonly answer: OrderAnswer;
}

/*
 * Answers that go down together; integers are varints, texts stand behind their lengths:
 *
 *     version, 1 byte
 *     how many
 *     each: id, its word's place below, ms since 1970 UTC, then
 *           of `refused`: field, wanted, got
 *           of `done`: number of acquisitions and their places in the schedule, note ("" for none)
 */
const version = 1;
const answerWords = ["accepted", "refused", "done", "expired"] as const;
const lastMoment = 253_402_300_799_999;
/** More acquisitions than one order has. */
const mostAcquisitions = 65_536;

const write = (writer: ByteWriter, { id, answer }: NamedAnswer): void => {
  writer.block(Buffer.from(id));
  writer.varint(answerWords.indexOf(answer.answer));
  writer.varint(Math.round(answer.at * 1000));
  if (answer.answer === "refused")
    for (const text of [answer.field, answer.wanted, answer.got]) writer.block(Buffer.from(text));
  if (answer.answer !== "done") return;
  const { acquisitions = [], note = "" } = answer;
  writer.varint(acquisitions.length);
  for (const index of acquisitions) writer.varint(index);
  writer.block(Buffer.from(note));
};

const take = (reader: ByteReader): NamedAnswer => {
  const id = reader.text("id");
  if (!idPattern.test(id)) throw reader.corrupt("the id of an order", JSON.stringify(id.slice(0, 80)));
  const word = answerWords[reader.varint("answer", answerWords.length - 1)];
  const at: Instant = instant(reader.varint("time", lastMoment) / 1000);
  switch (word) {
    case "refused":
      return {
        id,
        answer: {
          answer: word,
          at,
          field: reader.text("field"),
          wanted: reader.text("wanted"),
          got: reader.text("got"),
        },
      };
    case "done": {
      const count = reader.varint("acquisitions", Math.min(reader.left, mostAcquisitions));
      const acquisitions = Array.from({ length: count }, () => reader.varint("acquisition", 0xffffffff));
      const note = reader.text("note");
      const more = { ...(count === 0 ? {} : { acquisitions }), ...(note === "" ? {} : { note }) };
      return { id, answer: { answer: word, at, ...more } };
    }
    case "expired":
      return { id, answer: { answer: word, at } };
    default:
      return { id, answer: { answer: "accepted", at } };
  }
};

/** Answers as they go down. */
export const encodeAnswers = (answers: readonly NamedAnswer[]): Uint8Array => {
  const writer = new ByteWriter();
  writer.u8(version);
  writer.varint(answers.length);
  for (const one of answers) write(writer, one);
  return writer.finish();
};

/** Reads what `encodeAnswers` wrote, times to the millisecond. Throws `SwathError("link")` for anything else. */
export const decodeAnswers = (data: Uint8Array): readonly NamedAnswer[] => {
  const reader = new ByteReader("order answers", data);
  reader.version(version);
  const count = reader.varint("answers", reader.left);
  const answers = Array.from({ length: count }, () => take(reader));
  reader.end();
  return answers;
};

/** Answers that came down in one contact, and when the station had each. */
export interface ToldAnswers {
  readonly contact: string;
  readonly answers: readonly (NamedAnswer & { readonly toldAt: Instant })[];
}

/** Answers with the moments at which they came down, from node to node: no part of what the link carries. */
export const encodeTold = ({ contact, answers }: ToldAnswers): Uint8Array => {
  const writer = new ByteWriter();
  writer.block(Buffer.from(contact));
  writer.block(encodeAnswers(answers));
  for (const { toldAt } of answers) writer.varint(Math.round(toldAt * 1000));
  return writer.finish();
};

/** Reads what `encodeTold` wrote. Throws `SwathError("link")` for anything else. */
export const decodeTold = (data: Uint8Array): ToldAnswers => {
  const reader = new ByteReader("answers that came down", data);
  const contact = reader.text("contact");
  const answers = decodeAnswers(reader.block("answers")).map((one) => ({
    ...one,
    toldAt: instant(reader.varint("time", lastMoment) / 1000),
  }));
  reader.end();
  return { contact, answers };
};

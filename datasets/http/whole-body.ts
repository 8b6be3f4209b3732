import { once } from "node:events";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { formatBytes } from "../../pipeline/format.ts";
import type { Answer, Ask } from "./exchange.ts";

const decoders = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** True when a body is stored or sent compressed: its ranges would be ranges of the compressed bytes. */
export const isEncoded = ({ headers }: Answer): boolean =>
  !["", "identity"].includes((headers["content-encoding"] ?? "").trim().toLowerCase());

const tooLarge = ({ name, tag }: Ask, most: number, got: string): SwathError =>
  new SwathError(tag, {
    what: `${name} is too large to be fetched whole`,
    wanted: `at most ${formatBytes(most)}`,
    got,
    hint: "a server that answers ranges is read in parts",
  });

async function* decoded(answer: Answer, ask: Ask): AsyncGenerator<Uint8Array> {
  if (!isEncoded(answer)) return yield* answer.body;
  const encoding = (answer.headers["content-encoding"] ?? "").trim().toLowerCase();
  const make = Object.entries(decoders).find(([name]) => name === encoding)?.[1];
  if (make === undefined) {
    const wanted = `content as it is, or in ${Object.keys(decoders).join(", ")}`;
    throw new SwathError(ask.tag, { what: `${ask.name} cannot be read`, wanted, got: encoding.slice(0, 40) });
  }
  const decoder = make();
  const feed = async (): Promise<void> => {
    for await (const chunk of answer.body) if (!decoder.write(chunk)) await once(decoder, "drain");
    decoder.end();
  };
  // A failure of the body reaches the reader below as a failure of the decoder.
  feed().catch((error: unknown) =>
    decoder.destroy(error instanceof Error ? error : new Error(messageOf(error))),
  );
  try {
    for await (const chunk of decoder as AsyncIterable<Uint8Array>) yield chunk;
  } catch (cause) {
    if (!(cause instanceof Error) || !String(Reflect.get(cause, "code")).startsWith("Z_")) throw cause;
    throw new SwathError(ask.tag, {
      what: `${ask.name} is corrupt`,
      got: `${encoding}: ${cause.message}`,
      cause,
    });
  } finally {
    decoder.destroy();
  }
}

/**
 * The body of an answer in chunks, decompressed where the server compressed it, at most `most` bytes of it.
 * Throws `SwathError` with the ask's tag when it is longer, at once where the server says how long it is.
 */
export async function* wholeBody(answer: Answer, ask: Ask, most: number): AsyncGenerator<Uint8Array> {
  const announced = Number(answer.headers["content-length"] ?? 0);
  if (announced > most) throw tooLarge(ask, most, formatBytes(announced));
  let length = 0;
  for await (const chunk of decoded(answer, ask)) {
    length += chunk.length;
    if (length > most) throw tooLarge(ask, most, "more");
    yield chunk;
  }
}

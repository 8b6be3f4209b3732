import { SwathError, type ErrorTag } from "./errors.ts";
import { bytes, type Bytes } from "./units.ts";

/*
 * Every binary message on the bus begins with the same five bytes; the body of its kind follows:
 *
 *     0  2  "SW"
 *     2  1  the letter of the subject
 *     3  1  version of the subject's messages
 *     4  1  kind of message: index into the subject's kinds
 *
 * They are the simulation's, not the satellite's: no ledger counts them.
 */
const headBytes = 5;

/** The longest message of any subject: what a server of our own takes (`max_payload`). */
export const longestMessage: Bytes = bytes(8 * 1024 * 1024);

/** What one subject carries. */
export interface MessageFormat<Kind extends string> {
  /** As the subject is called: `link`. */
  readonly subject: string;
  /** One ASCII letter, of this subject alone. */
  readonly letter: string;
  /** Counts up when the layout of any kind changes. */
  readonly version: number;
  /** By their number on the wire: new ones are added at the end. */
  readonly kinds: readonly Kind[];
  /** Longest message that is written or read, its head included. */
  readonly bound: Bytes;
  /** What errors about its messages are tagged with. */
  readonly failure: Extract<ErrorTag, "link" | "bus">;
}

const sameRelease = "run the same release of swath on every node";

/** What every codec throws for a body that its encoder cannot have made. */
export const corruptMessage = (
  { subject, failure }: Pick<MessageFormat<string>, "subject" | "failure">,
  kind: string,
  wanted: string,
  got: string,
): SwathError =>
  new SwathError(failure, {
    what: `corrupt ${subject} message of kind ${kind}`,
    wanted,
    got,
    hint: sameRelease,
  });

const requireBound = ({ subject, bound, failure }: MessageFormat<string>, length: number): void => {
  if (length <= bound) return;
  throw new SwathError(failure, {
    what: `${subject} message is too long`,
    wanted: `at most ${bound} bytes`,
    got: `${length}`,
  });
};

/**
 * A message with room for a body of this number of bytes, to be written into `body`.
 * Throws `SwathError` of the format's tag beyond its bound.
 */
export const startMessage = <Kind extends string>(
  format: MessageFormat<Kind>,
  kind: Kind,
  bodyBytes: number,
): { readonly message: Uint8Array; readonly body: Uint8Array } => {
  requireBound(format, headBytes + bodyBytes);
  const message = new Uint8Array(headBytes + bodyBytes);
  message.set(Buffer.from(`SW${format.letter}`, "latin1"));
  message[3] = format.version;
  message[4] = format.kinds.indexOf(kind);
  return { message, body: message.subarray(headBytes) };
};

/** A message whose body is `parts`, back to back. Throws as `startMessage` does. */
export const sealMessage = <Kind extends string>(
  format: MessageFormat<Kind>,
  kind: Kind,
  ...parts: readonly Uint8Array[]
): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const { message, body } = startMessage(format, kind, length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return message;
};

/**
 * The kind of a message and its body, which views it. Throws `SwathError` of the format's tag for a message that is too long, of
 * another subject or version, or of a kind that is not known.
 */
export const openMessage = <Kind extends string>(
  format: MessageFormat<Kind>,
  message: Uint8Array,
): { readonly kind: Kind; readonly body: Uint8Array } => {
  const { subject, letter, version, kinds, failure } = format;
  requireBound(format, message.length);
  const tag = Buffer.from(message.subarray(0, 3)).toString("latin1");
  const got = message[3];
  if (message.length < headBytes || tag !== `SW${letter}` || got !== version) {
    throw new SwathError(failure, {
      what: `message is no ${subject} message of this release`,
      wanted: `tag "SW${letter}", version ${version}`,
      got:
        message.length < headBytes
          ? `${message.length} bytes`
          : `tag ${JSON.stringify(tag)}, version ${String(got)}`,
      hint: sameRelease,
    });
  }
  const number = message[4] ?? 0;
  const kind = kinds[number];
  if (kind === undefined) {
    throw new SwathError(failure, {
      what: `${subject} message of version ${version} is of an unknown kind`,
      wanted: kinds.map((name, at) => `${at} (${name})`).join(", "),
      got: `${number}`,
      hint: sameRelease,
    });
  }
  return { kind, body: message.subarray(headBytes) };
};

/** Refuses a body where there should be none. */
export const requireEmpty = <Kind extends string>(
  format: MessageFormat<Kind>,
  kind: Kind,
  body: Uint8Array,
): void => {
  if (body.length > 0) throw corruptMessage(format, kind, "no body", `${body.length} bytes`);
};

/** UTF-8, strictly: whatever else the bytes are is refused. */
export const readText = <Kind extends string>(
  format: MessageFormat<Kind>,
  kind: Kind,
  body: Uint8Array,
): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw corruptMessage(format, kind, "text in UTF-8", `${body.length} other bytes`);
  }
};

/** What a schema says of a value: `z.ZodType` has this shape. */
export interface Schema<T> {
  readonly safeParse: (value: unknown) =>
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** A value from outside, held against its schema; the error names the first field that is wrong. */
export const readValue = <Kind extends string, T>(
  format: MessageFormat<Kind>,
  kind: Kind,
  schema: Schema<T>,
  value: unknown,
): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") ?? "";
  throw corruptMessage(
    format,
    kind,
    field === "" ? "a value of its schema" : `${field} of its schema`,
    issue?.message ?? "another",
  );
};

/** JSON, held against its schema. */
export const readJson = <Kind extends string, T>(
  format: MessageFormat<Kind>,
  kind: Kind,
  schema: Schema<T>,
  body: Uint8Array,
): T => readValue(format, kind, schema, parseJson(format, kind, readText(format, kind, body)));

const parseJson = <Kind extends string>(format: MessageFormat<Kind>, kind: Kind, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw corruptMessage(format, kind, "JSON", `"${text.slice(0, 40)}"`);
  }
};

import { SwathError } from "../../errors.ts";
import { idPattern } from "../order-bounds.ts";
import { digest, initially, label, oneOf, size, whole, words, type OrderField } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";
import { readRule, type PromotionRule } from "../promotion-rule.ts";

/** Highest sequence number. */
const lastSequence = 2 ** 32 - 1;

/** Counts the orders about models to one satellite. */
export const sequenceField: OrderField<number> = whole(1, lastSequence);

/** A rule as text; "" for the usual one. */
const rule: OrderField<string> = {
  ...words("a rule of at most 200 characters", /^[ -~]{0,200}$/),
  read: (text, name) => (text === "" ? "" : readRule(text, name).text),
};

/** The rule where an order names none. */
const usualRule = "agreement >= 0.5";

/** The rule of an order, or the usual one. Throws `SwathError("config")`. */
export const installRule = (text: string, field: "promote" | "keep" = "promote"): PromotionRule =>
  readRule(text === "" ? usualRule : text, field);

/** What pieces may be named by: an install order's id leaves room for a piece's number. */
export const installIdPattern: RegExp = /^[A-Za-z0-9_-]{1,56}$/;

/** Id of a piece: in the order of the alphabet they go up in order. */
export const pieceId = (install: string, piece: number): string =>
  `${install}-${`${piece}`.padStart(6, "0")}`;

/** A digest for examples. */
export const exampleDigest: string = "0123456789abcdef".repeat(4);

/** Take a model in, piece by piece; try it beside the one at work, then work with it. */
export const modelInstall = orderKind({
  kind: "model-install",
  meaning: "take in a model that the uplink brings, try it, and work with it",
  fields: {
    model: label,
    /** Of the whole model: its card and its network. */
    sha256: digest,
    /** Of what goes up for it. */
    upload: size,
    uploadSha256: digest,
    /** Bytes of the whole model on board. */
    size,
    sequence: sequenceField,
    /** Of the signed snapshot, which this order says is the newest. */
    snapshot: digest,
    /** Acquisitions that both models look at before it is decided; 0: it works at once. */
    trial: initially(whole(0, 10_000), 0),
    promote: initially(rule, ""),
    rollback: initially(oneOf(["auto", "never"]), "auto"),
    /** Acquisitions at which the model before looks on once the new one is at work; 0: it does not. */
    watch: initially(whole(0, 10_000), 0),
    keep: initially(rule, ""),
  },
  asked: {
    words: {
      model: "name of the model",
      sha256: "SHA-256 of all of it, card and network: 64 hexadecimal digits",
      upload: "size of what goes up for it, such as 33kB",
      uploadSha256: "SHA-256 of what goes up for it",
      size: "size of all of it on board, such as 490kB",
      sequence: "number of the order among those about models to that satellite, 1 for the first",
      snapshot: "SHA-256 of the signed snapshot that is the newest",
      trial:
        "acquisitions that the new model and the old one both look at before it is decided (default: 0, it works at once)",
      promote: `rule by which it is promoted, such as "f1 >= old - 0.02" (default: agreement >= 0.5)`,
      rollback:
        "what becomes of a model that its rule rejects: gone, or kept to be activated by an order (auto, never; default: auto)",
      watch:
        "acquisitions at which the model before looks on once the new one is at work (default: 0, it does not)",
      keep: `rule that must hold meanwhile, or the model before comes back (default: ${usualRule})`,
    },
    example: `model-install --model ships-v4 --sha256 ${exampleDigest} --upload 33kB --upload-sha256 ${exampleDigest} --size 490kB --sequence 1 --snapshot ${exampleDigest} --deadline 2d`,
  },
  upload: ({ upload }) => upload,
});

/** Bytes of a piece: four telecommand frames. */
export const pieceBytes = 4000;

/** Longest piece that is taken. */
const mostPieceBytes = 65_536;

/** Bytes, in base64 in files and as they are on the uplink. */
const data: OrderField<string> = {
  read: (text, name) => {
    const bytes = Buffer.from(text, "base64");
    if (bytes.length > 0 && bytes.length <= mostPieceBytes && bytes.toString("base64") === text) return text;
    throw new SwathError("config", {
      what: name,
      wanted: `1 to ${mostPieceBytes} bytes in base64`,
      got: `"${text.slice(0, 40)}"`,
    });
  },
  write: (writer, value) => writer.block(Buffer.from(value, "base64")),
  take: (reader, name) => {
    const bytes = reader.block(name);
    if (bytes.length === 0 || bytes.length > mostPieceBytes)
      throw reader.corrupt(`1 to ${mostPieceBytes} bytes`, `${bytes.length}`);
    return Buffer.from(bytes).toString("base64");
  },
  text: (value) => value,
};

/** Part of an upload. Pieces are orders like others, so that they are acknowledged, and go up again where they were lost. */
export const modelPiece = orderKind({
  kind: "model-piece",
  meaning: "part of a model that the uplink brings",
  fields: {
    /** Id of the order that the upload is for. */
    install: words("the id of an order", installIdPattern),
    offset: whole(0, 2 ** 40),
    data,
  },
});

/** Whether a text may be the id of an install order. */
export const isInstallId = (id: string): boolean => idPattern.test(id) && installIdPattern.test(id);

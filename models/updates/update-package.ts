import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { z } from "zod";
import { ByteReader, ByteWriter } from "../../pipeline/product/byte-cursor.ts";
import type { Instant } from "../../pipeline/units.ts";
import { isFormulaCard, parseCard, type AnyCard } from "../card/card.ts";
import type { ModelExam } from "../../pipeline/mission/model-exam.ts";
import { readExam, writeExam } from "./exam-wire.ts";
import { applyDelta, encodeDelta, readDeltaHead } from "./file-delta.ts";
import { cardName, sha256Of, type ModelFiles } from "./model-files.ts";
import type { SignedMetadata } from "./signed-metadata.ts";
import {
  proveRelease,
  refuseUpdate,
  type ProvenRelease,
  type TrustState,
  type UpdateOrder,
} from "./trust.ts";

/*
 * What goes up for a model: the signed metadata, and each file by what differs from one on board. Layout: docs/model-updates.md.
 */

const version = 1;
/** Longest signed metadata, unpacked. */
const mostMetadata = 1024 * 1024;
/** Files of a model. */
const mostFiles = 64;

const metadataSchema = z.strictObject({
  roots: z.array(z.string()).max(1024),
  snapshot: z.string(),
  targets: z.string(),
});

/** The file on board that one of the new model is told against: of its name, else the largest of its ending. */
const baseOf = (name: string, base: ModelFiles): string | null => {
  if (base.has(name)) return name;
  const ending = name.slice(name.lastIndexOf("."));
  const alike = [...base].filter(([other]) => other !== cardName && other.endsWith(ending));
  return alike.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
};

/** What is told of one file. */
export interface FilePart {
  readonly name: string;
  readonly wholeBytes: number;
  /** What goes up for it: a delta, or the file in Brotli where that is shorter. */
  readonly upBytes: number;
  /** The file on board that it is told against; `null`: none. */
  readonly against: string | null;
}

/** A model as it goes up. */
export interface UpdatePackage {
  readonly bytes: Uint8Array;
  readonly metadataBytes: number;
  /** Of what the ground knows of scenes to come. */
  readonly examBytes: number;
  readonly files: readonly FilePart[];
}

/**
 * Packs a model for a satellite that has `base`, with what the ground knows of the scenes that it is tried on; an empty `base`: for one that
 * has nothing. Deterministic.
 */
export const packUpdate = (
  metadata: SignedMetadata,
  files: ModelFiles,
  base: ModelFiles,
  exam: ModelExam = new Map(),
): UpdatePackage => {
  const writer = new ByteWriter();
  writer.u8(version);
  const packed = brotliCompressSync(Buffer.from(JSON.stringify(metadata)));
  writer.block(packed);
  writer.varint(files.size);
  const parts: FilePart[] = [];
  for (const [name, bytes] of files) {
    const against = baseOf(name, base);
    const apart = against === null ? null : encodeDelta(base.get(against) as Uint8Array, bytes);
    const whole = apart === null || apart.length > bytes.length / 2 ? encodeDelta(null, bytes) : null;
    const isWhole = apart === null || (whole !== null && whole.length <= apart.length);
    const up = (isWhole ? whole : apart) as Uint8Array;
    writer.block(Buffer.from(name));
    writer.block(Buffer.from(isWhole ? "" : (against ?? "")));
    writer.block(up);
    parts.push({
      name,
      wholeBytes: bytes.length,
      upBytes: up.length,
      against: isWhole ? null : against,
    });
  }
  const packedExam = writeExam(exam);
  writer.block(packedExam);
  return {
    bytes: writer.finish(),
    metadataBytes: packed.length,
    examBytes: packedExam.length,
    files: parts,
  };
};

/** Where an update arrives. */
export interface UpdatePlace {
  readonly trust: TrustState;
  /** The models that are on board. */
  readonly base: readonly ModelFiles[];
  /** What the models of the mission see and find: the camera hands over no other bands, and the ground knows no other classes. */
  readonly mission: {
    readonly bands: readonly string[];
    readonly units: string | null;
    readonly classes: readonly string[];
  };
  /** Bytes that its files may take. */
  readonly roomBytes: number;
  readonly now: Instant;
}

/** A model that is on board, whole and proven. */
export interface ProvenModel {
  readonly release: ProvenRelease;
  readonly card: AnyCard;
  readonly files: ModelFiles;
  readonly exam: ModelExam;
}

const readMetadata = (id: string, reader: ByteReader): SignedMetadata => {
  const packed = reader.block("signed metadata");
  let value: unknown;
  try {
    value = JSON.parse(brotliDecompressSync(packed, { maxOutputLength: mostMetadata }).toString());
  } catch (cause) {
    throw refuseUpdate(id, "metadata", "signed metadata in Brotli", `${packed.length} other bytes`, cause);
  }
  const parsed = metadataSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuseUpdate(
    id,
    "metadata",
    "roots, snapshot and targets",
    parsed.error.issues[0]?.message ?? "others",
  );
};

/** Throws `SwathError("model")` for a model that the mission cannot feed or understand. */
const requireFit = (id: string, { notes }: ProvenRelease, { mission }: UpdatePlace): void => {
  const same = (a: readonly string[], b: readonly string[]): boolean => a.join("\n") === b.join("\n");
  if (!same(notes.bands, mission.bands))
    throw refuseUpdate(id, "bands", mission.bands.join(" "), notes.bands.join(" "));
  if (mission.units !== null && notes.units !== mission.units)
    throw refuseUpdate(id, "units", mission.units, notes.units);
  if (!same(notes.classes, mission.classes))
    throw refuseUpdate(id, "classes", mission.classes.join(", "), notes.classes.slice(0, 8).join(", "));
};

/**
 * Makes a model out of what came up, at `place`: proves the metadata, then makes each file and compares it with what is signed. All or
 * nothing. Throws `SwathError("model")` with the order's id, the field, what was wanted and got: what `proveRelease` refuses, another base,
 * other bands, units or classes, more than there is room for, a file that is not the one that is signed; `SwathError("link")` for bytes that
 * are no update.
 */
export const unpackUpdate = (order: UpdateOrder, bytes: Uint8Array, place: UpdatePlace): ProvenModel => {
  const { id } = order;
  const reader = new ByteReader("model update", bytes);
  reader.version(version);
  const release = proveRelease(place.trust, order, readMetadata(id, reader), place.now);
  requireFit(id, release, place);
  const total = [...release.files.values()].reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  if (total > place.roomBytes)
    throw refuseUpdate(id, "upload", `a model of at most ${place.roomBytes} bytes`, `${total} bytes`);
  const files = new Map<string, Uint8Array>();
  for (let left = reader.varint("files", mostFiles); left > 0; left--) {
    const name = reader.text("name of a file");
    const against = reader.text("file that it is told against");
    const delta = reader.block("delta");
    const signed = release.files.get(name);
    if (signed === undefined || files.has(name))
      throw refuseUpdate(
        id,
        "files",
        [...release.files.keys()].join(", "),
        JSON.stringify(name.slice(0, 80)),
      );
    // The length is looked at first: nothing larger than what is signed is ever made.
    const { lengthBytes } = readDeltaHead(delta);
    if (lengthBytes !== signed.lengthBytes)
      throw refuseUpdate(id, name, `${signed.lengthBytes} bytes, as signed`, `${lengthBytes} bytes`);
    const made = applyDelta(`${id} (${name})`, oldOf(place.base, against, delta), delta);
    if (sha256Of(made) !== signed.sha256)
      throw refuseUpdate(id, name, `sha256 ${signed.sha256}, as signed`, sha256Of(made));
    files.set(name, made);
  }
  const exam = readExam(reader.block("exam"), release.notes.classes.length);
  reader.end();
  const missing = [...release.files.keys()].find((name) => !files.has(name));
  if (missing !== undefined) throw refuseUpdate(id, "files", missing, "an update without it");
  const card = readCardOf(id, files.get(cardName) as Uint8Array);
  requireSameNotes(id, release, card);
  return { release, card, files, exam };
};

/** The file on board that a delta is against: the one with its digest, whatever its name; else the one of that name, for the refusal. */
const oldOf = (models: readonly ModelFiles[], name: string, delta: Uint8Array): Uint8Array | null => {
  const { base } = readDeltaHead(delta);
  const files = models.flatMap((model) => [...model.values()]);
  const found = base === null ? undefined : files.find((bytes) => sha256Of(bytes) === base);
  return found ?? models.find((model) => model.has(name))?.get(name) ?? null;
};

const readCardOf = (id: string, bytes: Uint8Array): AnyCard => {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw refuseUpdate(id, cardName, "a model's card", "no JSON", cause);
  }
  return parseCard(value, `of model update ${id}`);
};

/** Throws where the card says other than what was signed of it, so that neither can be read without the other. */
const requireSameNotes = (id: string, { notes, files }: ProvenRelease, card: AnyCard): void => {
  if (card.bands.join(" ") !== notes.bands.join(" "))
    throw refuseUpdate(id, "bands", `${notes.bands.join(" ")}, as signed`, card.bands.join(" "));
  if (card.classes.join("\n") !== notes.classes.join("\n"))
    throw refuseUpdate(id, "classes", `${notes.classes.join(", ")}, as signed`, card.classes.join(", "));
  if (!isFormulaCard(card) && !files.has(card.file))
    throw refuseUpdate(id, "files", `${card.file}, which the card names`, [...files.keys()].join(", "));
};

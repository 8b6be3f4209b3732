import { createHash } from "node:crypto";
import { z } from "zod";
import { put, removePartials, type Medium } from "./medium.ts";

/*
 * Uploads and models on board. One file, the index, says what is installed; it is replaced in one step, after everything that it names has
 * been written and read back. So whatever the power does, a model is installed whole or not at all.
 *
 *     index                        what is installed
 *     model/<sha256>/<file>        files of a model
 *     upload/<order>/<offset>      pieces of an upload
 */

/** A model as the index has it. */
export interface StoredModel {
  readonly model: string;
  /** Of the model. */
  readonly sha256: string;
  /** Its files and their digests. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is installed, and what is believed: `trust` is a text that the index keeps and does not read. */
export interface ModelIndex {
  readonly models: readonly StoredModel[];
  readonly trust: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.strictObject({
  models: z.array(z.strictObject({ model: z.string(), sha256: digest, files: z.record(z.string(), digest) })),
  trust: z.string(),
}) satisfies z.ZodType<ModelIndex>;

const indexName = "index";
const fileName = (sha256: string, name: string): string => `model/${sha256}/${name}`;
const uploadPrefix = (order: string): string => `upload/${order}/`;
const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What is installed; `first` on a medium that holds nothing yet. */
export const readIndex = (medium: Medium, first: ModelIndex): ModelIndex => {
  const bytes = medium.read(indexName);
  return bytes === null ? first : schema.parse(JSON.parse(Buffer.from(bytes).toString()));
};

const writeIndex = (medium: Medium, index: ModelIndex): void =>
  put(medium, indexName, Buffer.from(JSON.stringify(index)));

/** After a restart: removes what was cut off, and files of models that are not installed. Pieces of uploads stay. */
export const recover = (medium: Medium, index: ModelIndex): void => {
  removePartials(medium);
  const kept = new Set(
    index.models.flatMap(({ sha256, files }) => Object.keys(files).map((name) => fileName(sha256, name))),
  );
  for (const name of medium.names()) if (name.startsWith("model/") && !kept.has(name)) medium.remove(name);
};

/** Keeps a piece of an upload. */
export const keepPiece = (medium: Medium, order: string, offset: number, bytes: Uint8Array): void =>
  put(medium, `${uploadPrefix(order)}${offset}`, bytes);

const piecesOf = (medium: Medium, order: string): readonly (readonly [offset: number, name: string])[] => {
  const prefix = uploadPrefix(order);
  return medium
    .names()
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name): [number, string] => [Number(name.slice(prefix.length)), name])
    .toSorted(([a], [b]) => a - b);
};

/** Bytes of an upload that are there without a gap from its start. */
export const uploadedBytes = (medium: Medium, order: string): number => {
  let end = 0;
  for (const [offset, name] of piecesOf(medium, order)) {
    if (offset > end) break;
    end = Math.max(end, offset + (medium.read(name)?.length ?? 0));
  }
  return end;
};

/** An upload of so many bytes with that digest, put together; `null` while something is missing or other than it should be. */
export const readUpload = (
  medium: Medium,
  order: string,
  length: number,
  sha256: string,
): Uint8Array | null => {
  if (uploadedBytes(medium, order) < length) return null;
  const whole = new Uint8Array(length);
  for (const [offset, name] of piecesOf(medium, order)) {
    const bytes = medium.read(name) ?? new Uint8Array();
    if (offset < length) whole.set(bytes.subarray(0, length - offset), offset);
  }
  return sha256Of(whole) === sha256 ? whole : null;
};

/** Forgets the pieces of an upload. */
export const dropUpload = (medium: Medium, order: string): void => {
  for (const [, name] of piecesOf(medium, order)) medium.remove(name);
};

/** Installs a model: its files first, then, once they read back as what they should be, the index. Returns the new index. */
export const installModel = (
  medium: Medium,
  index: ModelIndex,
  model: Pick<StoredModel, "model" | "sha256">,
  files: ReadonlyMap<string, Uint8Array>,
  trust: string,
): ModelIndex => {
  const digests: Record<string, string> = {};
  for (const [name, bytes] of files) {
    const path = fileName(model.sha256, name);
    put(medium, path, bytes);
    digests[name] = sha256Of(bytes);
    const back = medium.read(path);
    if (back === null || sha256Of(back) !== digests[name]) throw new RangeError(`${path} does not read back`);
  }
  const others = index.models.filter(({ sha256 }) => sha256 !== model.sha256);
  const next: ModelIndex = { models: [...others, { ...model, files: digests }], trust };
  writeIndex(medium, next);
  return next;
};

/** Takes a model off board: the index first. */
export const removeModel = (medium: Medium, index: ModelIndex, sha256: string): ModelIndex => {
  const next: ModelIndex = { ...index, models: index.models.filter((one) => one.sha256 !== sha256) };
  writeIndex(medium, next);
  recover(medium, next);
  return next;
};

/** The files of an installed model. Throws `RangeError` for one that is not, or whose files are other than the index says. */
export const readModel = (
  medium: Medium,
  index: ModelIndex,
  sha256: string,
): ReadonlyMap<string, Uint8Array> => {
  const model = index.models.find((one) => one.sha256 === sha256);
  if (model === undefined) throw new RangeError(`model ${sha256} is not installed`);
  return new Map(
    Object.entries(model.files).map(([name, wanted]) => {
      const bytes = medium.read(fileName(sha256, name));
      if (bytes === null || sha256Of(bytes) !== wanted)
        throw new RangeError(`${name} of model ${sha256} is not what was installed`);
      return [name, bytes];
    }),
  );
};

/** Bytes that uploads and models take. */
export const heldBytes = (medium: Medium): number =>
  medium.names().reduce((sum, name) => sum + (medium.read(name)?.length ?? 0), 0);

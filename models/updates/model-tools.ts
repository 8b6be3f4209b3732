import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import type { ModelExam } from "../../pipeline/mission/model-exam.ts";
import type { Instant } from "../../pipeline/units.ts";
import { openModel, type Model, type ModelOptions } from "../model.ts";
import { cardName, type ModelFiles } from "./model-files.ts";
import { firstTrust, requireSequence, type TrustState, type UpdateOrder } from "./trust.ts";
import { unpackUpdate, type UpdatePlace } from "./update-package.ts";

/*
 * What a satellite does with what comes up for models, on texts and bytes: whoever flies it need not know what is in them.
 */

const trustSchema = z.strictObject({
  operator: z.string(),
  root: z.string().nullable(),
  snapshot: z.int().min(0),
  targets: z.int().min(0),
  sequence: z.int().min(0),
  releases: z.record(z.string(), z.int().min(1)),
}) satisfies z.ZodType<TrustState>;

const readTrust = (text: string): TrustState => trustSchema.parse(JSON.parse(text));

/** What a satellite is launched to believe, as a text. */
export const launchTrust = (operator: string, releases: Readonly<Record<string, number>>): string =>
  JSON.stringify(firstTrust(operator, releases));

/** An install order, as far as it tells of what comes up. */
export interface InstallOrder {
  readonly id: string;
  readonly body: Omit<UpdateOrder, "id"> & { readonly size: number };
}

/** What came of an upload. */
export interface InstalledFiles {
  readonly files: ModelFiles;
  readonly trust: string;
  readonly exam: ModelExam;
}

/** Proves an upload and makes its model: see `unpackUpdate`. */
export const unpackModel = (
  mission: UpdatePlace["mission"],
  order: InstallOrder,
  upload: Uint8Array,
  {
    trust,
    base,
    now,
  }: { readonly trust: string; readonly base: readonly ModelFiles[]; readonly now: Instant },
): InstalledFiles => {
  const { size: roomBytes, model, sha256, sequence, snapshot } = order.body;
  const place = { trust: readTrust(trust), base, mission, roomBytes, now };
  const update = { id: order.id, model, sha256, sequence, snapshot };
  const { release, files, exam } = unpackUpdate(update, upload, place);
  return { files, exam, trust: JSON.stringify(release.trust) };
};

/** Notes the sequence number of an order that brings nothing. Throws `SwathError("model")` for one that was heard before, or leaps ahead. */
export const noteSequence = (
  trust: string,
  order: { readonly id: string; readonly sequence: number },
): string => {
  const state = readTrust(trust);
  requireSequence(state, order);
  return JSON.stringify({ ...state, sequence: order.sequence } satisfies TrustState);
};

/** Loads a model from its files. Throws `SwathError("model")` as `openModel` does. */
export const openFiles = async (files: ModelFiles, options: ModelOptions): Promise<Model> => {
  const folder = await mkdtemp(join(tmpdir(), "swath-model-"));
  try {
    for (const [name, bytes] of files) {
      if (basename(name) !== name || name.startsWith("."))
        throw new SwathError("model", {
          what: "file of a model",
          wanted: "a plain name",
          got: name.slice(0, 80),
        });
      await writeFile(join(folder, name), bytes);
    }
    if (!files.has(cardName))
      throw new SwathError("model", { what: "a model without a card", wanted: cardName });
    return await openModel(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

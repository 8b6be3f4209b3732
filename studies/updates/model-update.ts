import { createHash } from "node:crypto";
import { isFormulaCard, type AnyCard } from "../../models/card/card.ts";
import {
  digestOfFiles,
  readModelFiles,
  sha256Of,
  type ModelFiles,
} from "../../models/updates/model-files.ts";
import { signReleases, type MetadataSigners } from "../../models/updates/signed-metadata.ts";
import { packUpdate, type UpdatePackage } from "../../models/updates/update-package.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { keyFrom } from "../../pipeline/keys/nkey.ts";
import type { ModelExam } from "../../pipeline/mission/model-exam.ts";
import { pieceBytes, pieceId } from "../../pipeline/orders/kinds/model-install.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import { instant, later, seconds, type Instant } from "../../pipeline/units.ts";

/** A model as files, with its card. */
export interface ReadModel {
  readonly card: AnyCard;
  readonly files: ModelFiles;
}

/** Reads a model that is to go up, or is on board. Throws `SwathError("model")` as opening it does. */
export const readUpdateModel = (reference: string): Promise<ReadModel> => readModelFiles(reference);

/** How long signed metadata holds. */
const holds = seconds(400 * 86_400);

/** Keys that follow from a name: of a mission without keys of its own, whose signatures take as many bytes. */
export const namedSigners = (name: string): MetadataSigners => {
  const secret = (role: string) => createHash("sha256").update(`swath models\n${role}\n${name}`).digest();
  return { root: keyFrom("operator", secret("root")), releases: keyFrom("user", secret("releases")) };
};

/** A model that goes up. */
export interface ModelUpdate {
  readonly pack: UpdatePackage;
  readonly model: string;
  /** Of the whole model. */
  readonly sha256: string;
  /** Of the signed snapshot. */
  readonly snapshot: string;
  /** Bytes of the whole model. */
  readonly wholeBytes: number;
}

/** What an update is made from. */
export interface UpdateRequest {
  readonly next: ReadModel;
  /** What satellites have on board; `null`: nothing of use. */
  readonly base: ModelFiles | null;
  readonly signers: MetadataSigners;
  /** Counts the releases of a model, and versions of what is signed. */
  readonly release: number;
  readonly signedAt: Instant;
  readonly exam: ModelExam;
}

const unitsOf = (card: AnyCard): string => card.units;

/** Signs a model and packs it for satellites that have `base`. Deterministic. */
export const makeUpdate = (request: UpdateRequest): ModelUpdate => {
  const { next, base, signers, release, signedAt, exam } = request;
  const { card, files } = next;
  const notes = { model: card.name, release, bands: card.bands, units: unitsOf(card), classes: card.classes };
  const versions = { root: 1, targets: release, snapshot: release, expires: later(signedAt, holds) };
  const metadata = signReleases([{ notes, files }], signers, versions);
  return {
    pack: packUpdate(metadata, files, base ?? new Map(), exam),
    model: card.name,
    sha256: digestOfFiles(files),
    snapshot: sha256Of(Buffer.from(metadata.snapshot)),
    wholeBytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
  };
};

/** What an order to install says besides what follows from the update. */
export interface InstallWish {
  readonly id: string;
  readonly sequence: number;
  readonly trial: number;
  readonly promote: string;
  readonly rollback: string;
  readonly watch: number;
  readonly keep: string;
}

/** The fields of the order and of the pieces that an update comes up with, as files write orders. */
export const updateEntries = (
  { pack, model, sha256, snapshot, wholeBytes }: ModelUpdate,
  { id, sequence, trial, promote, rollback, watch, keep }: InstallWish,
): {
  readonly install: Readonly<Record<string, string | number>>;
  readonly pieces: readonly Readonly<Record<string, string | number>>[];
} => {
  const { bytes } = pack;
  const install = {
    id,
    kind: "model-install" satisfies Order["kind"],
    model,
    sha256,
    upload: `${bytes.length}B`,
    "upload-sha256": sha256Of(bytes),
    size: `${wholeBytes}B`,
    sequence,
    snapshot,
    trial,
    promote,
    rollback,
    watch,
    keep,
  };
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, n) => ({
    id: pieceId(id, n),
    kind: "model-piece" satisfies Order["kind"],
    install: id,
    offset: n * pieceBytes,
    data: Buffer.from(bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes)).toString("base64"),
  }));
  return { install, pieces };
};

/** Throws `SwathError("model")` with id, field, wanted and got for a model that a mission of `base` cannot feed or understand. */
export const requireSameUse = (id: string, base: AnyCard, { card }: ReadModel): void => {
  const refuse = (field: string, wanted: string, got: string): never => {
    throw new SwathError("model", { what: `model update ${id}: ${field}`, field, wanted, got });
  };
  if (isFormulaCard(card)) refuse("model", "a network", `the formula ${card.head.kind}`);
  const bands = (one: AnyCard): string => one.bands.join(" ");
  if (bands(card) !== bands(base)) refuse("bands", bands(base), bands(card));
  if (card.units !== base.units) refuse("units", base.units, card.units);
  if (card.classes.join("\n") !== base.classes.join("\n"))
    refuse("classes", base.classes.join(", "), card.classes.join(", "));
};

/** Before any mission: metadata of a study is signed then. */
export const studyTime: Instant = instant(Date.parse("2026-01-01T00:00:00Z") / 1000);

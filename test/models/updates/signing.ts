import { createHash } from "node:crypto";
import { modelDigest, sha256Of, type ModelFiles } from "../../../models/updates/model-files.ts";
import {
  signReleases,
  type MetadataSigners,
  type MetadataVersions,
  type Release,
  type SignedMetadata,
} from "../../../models/updates/signed-metadata.ts";
import type { UpdateOrder } from "../../../models/updates/trust.ts";
import { keyFrom, type SigningKey } from "../../../pipeline/keys/nkey.ts";
import { instant, type Instant } from "../../../pipeline/units.ts";

const key = (use: "operator" | "user", name: string): SigningKey =>
  keyFrom(use, createHash("sha256").update(name).digest());

export const now: Instant = instant(Date.parse("2026-02-01T00:00:00Z") / 1000);

/** The same keys in every test. */
export const signers: MetadataSigners = { root: key("operator", "root"), releases: key("user", "releases") };
export const otherSigners: MetadataSigners = { root: key("operator", "x"), releases: key("user", "y") };
export const newSigners: MetadataSigners = { root: signers.root, releases: key("user", "releases 2") };

export const versions = (more: Partial<MetadataVersions> = {}): MetadataVersions => ({
  root: 1,
  targets: 1,
  snapshot: 1,
  expires: instant(now + 86_400 * 30),
  ...more,
});

export const releaseOf = (files: ModelFiles, release = 2, more: Partial<Release["notes"]> = {}): Release => ({
  notes: {
    model: "ships-s2:int8",
    release,
    bands: ["B02", "B03", "B04", "B08"],
    units: "reflectance",
    classes: ["ship"],
    ...more,
  },
  files,
});

export const digestOfFiles = (files: ModelFiles): string =>
  modelDigest(new Map([...files].map(([name, bytes]) => [name, { sha256: sha256Of(bytes) }])));

export const orderOf = (
  files: ModelFiles,
  metadata: SignedMetadata,
  more: Partial<UpdateOrder> = {},
): UpdateOrder => ({
  id: "update-1",
  model: "ships-s2:int8",
  sha256: digestOfFiles(files),
  sequence: 1,
  snapshot: sha256Of(Buffer.from(metadata.snapshot)),
  ...more,
});

export const signed = (
  files: ModelFiles,
  more: { readonly versions?: Partial<MetadataVersions>; readonly release?: number } = {},
  by: MetadataSigners = signers,
): SignedMetadata => signReleases([releaseOf(files, more.release)], by, versions(more.versions));

import { createHash } from "node:crypto";
import { Key, Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets } from "@tufjs/models";
import { publicBytes, type SigningKey } from "../../pipeline/keys/nkey.ts";
import type { Instant } from "../../pipeline/units.ts";
import { cardName, modelDigest, sha256Of, type ModelFiles } from "./model-files.ts";

/*
 * What is signed of models, as The Update Framework has it (TUF 1.0.34, theupdateframework.github.io): a root that says who may sign what,
 * targets that say which files there are, a snapshot that says which targets are meant. The fourth role of TUF, the timestamp, says that a
 * snapshot is the newest there is; here the order that an update comes with says it, by its sequence number and the snapshot's digest.
 */

/** What is signed, as the texts that were signed. */
export interface SignedMetadata {
  /** In the order of their versions; those that the other side has may be left out. */
  readonly roots: readonly string[];
  readonly snapshot: string;
  readonly targets: string;
}

/** What the signed metadata says of a model, besides the digests of its files. */
export interface ReleaseNotes {
  readonly model: string;
  /** Counts the releases of a model: a satellite takes none that is older than what it has had. */
  readonly release: number;
  /** `modelDigest` of all its files. */
  readonly digest: string;
  readonly bands: readonly string[];
  readonly units: string;
  readonly classes: readonly string[];
}

/** One release: what is said of it, and its files. */
export interface Release {
  readonly notes: Omit<ReleaseNotes, "digest">;
  readonly files: ModelFiles;
}

/** Who signs what, and until when it holds. */
export interface MetadataSigners {
  /** The root's: the operator of the mission. */
  readonly root: SigningKey;
  /** Of targets and snapshot. */
  readonly releases: SigningKey;
}

/** Versions count up, one by one. */
export interface MetadataVersions {
  readonly root: number;
  readonly targets: number;
  readonly snapshot: number;
  /** When all three cease to hold. */
  readonly expires: Instant;
}

/** Of the specification that metadata follows; readers look at its first number. */
const specVersion = "1.0.34";

/** The name that TUF knows a key by. */
const keyIdOf = (publicKey: string): string => createHash("sha256").update(publicKey).digest("hex");

/** An nkey as TUF has keys. */
export const tufKey = (publicKey: string): Key => {
  const use = publicKey.startsWith("O") ? "operator" : "user";
  const raw = publicBytes(use, publicKey);
  if (raw === null) throw new RangeError("no nkey");
  return new Key({
    keyID: keyIdOf(publicKey),
    keyType: "ed25519",
    scheme: "ed25519",
    keyVal: { public: Buffer.from(raw).toString("hex") },
  });
};

/** The text of signed metadata. */
export const signedText = <T extends Root | Snapshot | Targets>(
  signed: T,
  signers: readonly SigningKey[],
): string => {
  const metadata = new Metadata(signed as Root);
  for (const key of signers) {
    const keyID = keyIdOf(key.publicKey);
    metadata.sign((data) => new Signature({ keyID, sig: Buffer.from(key.sign(data)).toString("hex") }));
  }
  return JSON.stringify(metadata.toJSON());
};

/** ISO 8601 to the second, as TUF wants it. */
export const tufTime = (t: Instant): string =>
  new Date(Math.floor(t) * 1000).toISOString().replace(".000Z", "Z");

/** A root of that version which lets `releases` sign targets and snapshots; the roots before it sign it too. */
export const signRoot = (
  { root, releases }: MetadataSigners,
  { root: version, expires }: Pick<MetadataVersions, "root" | "expires">,
  former: readonly SigningKey[] = [],
): string => {
  const [rootKey, releaseKey] = [tufKey(root.publicKey), tufKey(releases.publicKey)];
  const signed = new Root({ specVersion, version, expires: tufTime(expires), consistentSnapshot: false });
  signed.addKey(rootKey, "root");
  // TUF wants the role of the timestamp to be there; orders take its place.
  for (const role of ["targets", "snapshot", "timestamp"]) signed.addKey(releaseKey, role);
  return signedText(signed, [root, ...former]);
};

/** Signs releases, one of each model. */
export const signReleases = (
  releases: readonly Release[],
  signers: MetadataSigners,
  versions: MetadataVersions,
): SignedMetadata => {
  const targets = new Targets({ specVersion, version: versions.targets, expires: tufTime(versions.expires) });
  for (const { notes, files } of releases) {
    const digests = new Map([...files].map(([name, bytes]) => [name, { sha256: sha256Of(bytes) }]));
    for (const [name, bytes] of files) {
      const custom = { ...notes, bands: [...notes.bands], classes: [...notes.classes] };
      const isCard = name === cardName;
      targets.addTarget(
        new TargetFile({
          path: `${notes.model}/${name}`,
          length: bytes.length,
          hashes: { sha256: sha256Of(bytes) },
          unrecognizedFields: isCard ? { custom: { ...custom, digest: modelDigest(digests) } } : {},
        }),
      );
    }
  }
  const signedTargets = signedText(targets, [signers.releases]);
  const snapshot = new Snapshot({
    specVersion,
    version: versions.snapshot,
    expires: tufTime(versions.expires),
    meta: {
      "targets.json": new MetaFile({
        version: versions.targets,
        length: Buffer.byteLength(signedTargets),
        hashes: { sha256: sha256Of(Buffer.from(signedTargets)) },
      }),
    },
  });
  return {
    roots: [signRoot(signers, versions)],
    targets: signedTargets,
    snapshot: signedText(snapshot, [signers.releases]),
  };
};

import { Metadata, MetadataKind, Root, Snapshot, Targets } from "@tufjs/models";
import { z } from "zod";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Instant } from "../../pipeline/units.ts";
import { cardName, modelDigest, sha256Of } from "./model-files.ts";
import { tufKey, tufTime, type ReleaseNotes, type SignedMetadata } from "./signed-metadata.ts";

/*
 * What a satellite believes of models, and how it comes to believe more: the client's workflow of TUF (§5), without a network. Everything
 * comes with the update itself, and mission time is the clock.
 */

/** What a satellite holds for true. Plain data: it survives a restart. */
export interface TrustState {
  /** The operator's key, `O…`: put on board before launch; it signs the first root. */
  readonly operator: string;
  /** The root that holds; `null` before the first. */
  readonly root: string | null;
  /** Newest versions seen: older ones are refused from then on. */
  readonly snapshot: number;
  readonly targets: number;
  /** Of the newest order that brought or changed models. */
  readonly sequence: number;
  /** Newest release of each model that was installed. */
  readonly releases: Readonly<Record<string, number>>;
}

/** What a satellite is launched with. */
export const firstTrust = (
  operator: string,
  releases: Readonly<Record<string, number>> = {},
): TrustState => ({ operator, root: null, snapshot: 0, targets: 0, sequence: 0, releases });

/** What an order says of the update that it brings. */
export interface UpdateOrder {
  readonly id: string;
  readonly model: string;
  /** `modelDigest` of the model. */
  readonly sha256: string;
  /** Counts the orders about models to one satellite: each is above the ones before. */
  readonly sequence: number;
  /** SHA-256 of the snapshot's text. */
  readonly snapshot: string;
}

/** A file of a release. */
export interface ReleasedFile {
  readonly sha256: string;
  readonly lengthBytes: number;
}

/** A release that is proven. */
export interface ProvenRelease {
  readonly notes: ReleaseNotes;
  /** By name. */
  readonly files: ReadonlyMap<string, ReleasedFile>;
  /** What is held for true from now on, once the release is installed. */
  readonly trust: TrustState;
}

/**
 * Farthest that a number may run ahead of the newest one known. Whoever stole a key could otherwise use up all numbers at once, so that
 * nothing that is honest could ever follow (TUF calls it the fast-forward attack).
 */
export const farthestAhead = 65_536;

/** A refusal: `SwathError("model")` with the order's id, field, what was wanted and got. */
export const refuseUpdate = (
  id: string,
  field: string,
  wanted: string,
  got: string,
  cause?: unknown,
): SwathError =>
  new SwathError("model", {
    what: `model update ${id}: ${field}`,
    field,
    wanted,
    got,
    ...(cause === undefined ? {} : { cause }),
  });

const notesSchema = z.object({
  model: z.string().max(64),
  release: z.int().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bands: z.array(z.string().max(64)).min(1).max(64),
  units: z.string().max(32),
  classes: z.array(z.string().max(200)).min(1).max(10_000),
}) satisfies z.ZodType<ReleaseNotes>;

type Parsed<T extends Root | Snapshot | Targets> = Metadata<T>;

const parse = <T extends Root | Snapshot | Targets>(
  id: string,
  kind: MetadataKind,
  text: string,
): Parsed<T> => {
  try {
    return Metadata.fromJSON(kind as MetadataKind.Root, JSON.parse(text)) as unknown as Parsed<T>;
  } catch (cause) {
    throw refuseUpdate(id, kind, `signed ${kind} metadata`, messageOf(cause).slice(0, 120), cause);
  }
};

/** Throws unless enough keys of `role` signed it. */
const requireSigned = (
  id: string,
  by: Metadata<Root>,
  role: string,
  metadata: Metadata<Root | Snapshot | Targets>,
): void => {
  try {
    by.verifyDelegate(role, metadata as Metadata<Root>);
  } catch (cause) {
    const threshold = by.signed.roles[role]?.threshold ?? 1;
    const wanted = `${threshold} signature${threshold === 1 ? "" : "s"} of root ${by.signed.version}'s ${role} keys`;
    throw refuseUpdate(id, role, wanted, messageOf(cause), cause);
  }
};

const requireFresh = (id: string, { signed }: Metadata<Root | Snapshot | Targets>, now: Instant): void => {
  if (Date.parse(signed.expires) > now * 1000) return;
  throw refuseUpdate(
    id,
    signed.type,
    `metadata that holds at ${tufTime(now)}`,
    `expired ${signed.expires.slice(0, 40)}`,
  );
};

/** Throws for a version below `known`, or too far above it. */
const requireVersion = (id: string, field: string, got: number, known: number): void => {
  if (!Number.isSafeInteger(got) || got < known)
    throw refuseUpdate(id, field, `version ${known} or later`, `version ${got}`);
  if (got > known + farthestAhead)
    throw refuseUpdate(id, field, `at most version ${known + farthestAhead}`, `version ${got}`);
};

/** The root that holds after `roots`, each signed by the one before and by itself; the first by the operator. */
const rootAfter = (id: string, trust: TrustState, roots: readonly string[]): Metadata<Root> => {
  let root = trust.root === null ? null : parse<Root>(id, MetadataKind.Root, trust.root);
  for (const text of roots) {
    const next = parse<Root>(id, MetadataKind.Root, text);
    if (root !== null && next.signed.version === root.signed.version && text === trust.root) continue;
    if (root === null) {
      try {
        tufKey(trust.operator).verifySignature(next);
      } catch (cause) {
        const got = Object.keys(next.signatures).map((one) => `${one.slice(0, 12)}…`);
        throw refuseUpdate(
          id,
          "root",
          `a root signed by operator ${trust.operator.slice(0, 12)}…`,
          `signed by ${got.join(", ") || "nobody"}`,
          cause,
        );
      }
    } else {
      const wanted = root.signed.version + 1;
      if (next.signed.version !== wanted)
        throw refuseUpdate(id, "root", `version ${wanted}`, `version ${next.signed.version}`);
      requireSigned(id, root, "root", next);
    }
    requireSigned(id, next, "root", next);
    root = next;
  }
  if (root === null) throw refuseUpdate(id, "root", "a root", "none");
  return root;
};

const keysOf = (root: Metadata<Root>, role: string): string =>
  (root.signed.roles[role]?.keyIDs ?? []).toSorted().join(" ");

/** Versions that hold under `root`: a role that was given new keys starts anew, which undoes what a thief has done with the old ones. */
const knownVersions = (
  id: string,
  trust: TrustState,
  root: Metadata<Root>,
): Pick<TrustState, "snapshot" | "targets"> => {
  if (trust.root === null) return { snapshot: trust.snapshot, targets: trust.targets };
  const before = parse<Root>(id, MetadataKind.Root, trust.root);
  const isSame = (role: string): boolean => keysOf(before, role) === keysOf(root, role);
  return {
    snapshot: isSame("snapshot") ? trust.snapshot : 0,
    targets: isSame("targets") ? trust.targets : 0,
  };
};

/**
 * Proves the release that an order names, at mission time `now`, or throws `SwathError("model")`: a repeated or leaping sequence number, a
 * root of other keys, metadata that is unsigned, expired, older than what was seen, of another snapshot; a model that is not in it; a
 * release older than what was installed. Nothing is believed of an update that is refused.
 */
export const proveRelease = (
  trust: TrustState,
  order: UpdateOrder,
  metadata: SignedMetadata,
  now: Instant,
): ProvenRelease => {
  const { id, model } = order;
  requireSequence(trust, order);
  const root = rootAfter(id, trust, metadata.roots);
  requireFresh(id, root, now);
  const known = knownVersions(id, trust, root);

  const snapshotDigest = sha256Of(Buffer.from(metadata.snapshot));
  if (snapshotDigest !== order.snapshot)
    throw refuseUpdate(
      id,
      "snapshot",
      `${order.snapshot.slice(0, 16)}…, which the order names`,
      `${snapshotDigest.slice(0, 16)}…`,
    );
  const snapshot = parse<Snapshot>(id, MetadataKind.Snapshot, metadata.snapshot);
  requireSigned(id, root, "snapshot", snapshot);
  requireVersion(id, "snapshot", snapshot.signed.version, known.snapshot);
  requireFresh(id, snapshot, now);

  const meta = snapshot.signed.meta["targets.json"];
  if (meta === undefined) throw refuseUpdate(id, "snapshot", "a version of targets.json", "none");
  requireVersion(id, "targets", meta.version, known.targets);
  const targets = parse<Targets>(id, MetadataKind.Targets, metadata.targets);
  try {
    meta.verify(Buffer.from(metadata.targets));
  } catch (cause) {
    throw refuseUpdate(id, "targets", "those that the snapshot names", messageOf(cause), cause);
  }
  requireSigned(id, root, "targets", targets);
  if (targets.signed.version !== meta.version)
    throw refuseUpdate(
      id,
      "targets",
      `version ${meta.version}, as the snapshot says`,
      `version ${targets.signed.version}`,
    );
  requireFresh(id, targets, now);

  const { notes, files } = releaseIn(id, targets.signed, model);
  if (notes.digest !== order.sha256)
    throw refuseUpdate(id, "sha256", `${notes.digest}, which is signed`, order.sha256);
  const installed = trust.releases[model] ?? 0;
  if (notes.release < installed)
    throw refuseUpdate(
      id,
      "release",
      `release ${installed} of ${model} or later`,
      `release ${notes.release}`,
    );
  return {
    notes,
    files,
    trust: {
      ...trust,
      root: metadata.roots.at(-1) ?? trust.root,
      snapshot: snapshot.signed.version,
      targets: targets.signed.version,
      sequence: order.sequence,
      releases: { ...trust.releases, [model]: notes.release },
    },
  };
};

/** Throws `SwathError("model")` for an order about models that was heard before, is older than one that was, or leaps ahead. */
export const requireSequence = (
  { sequence }: TrustState,
  order: Pick<UpdateOrder, "id" | "sequence">,
): void => {
  if (order.sequence <= sequence)
    throw refuseUpdate(order.id, "sequence", `above ${sequence}`, `${order.sequence}`);
  if (order.sequence > sequence + farthestAhead)
    throw refuseUpdate(order.id, "sequence", `at most ${sequence + farthestAhead}`, `${order.sequence}`);
};

const releaseIn = (id: string, targets: Targets, model: string): Pick<ProvenRelease, "notes" | "files"> => {
  const prefix = `${model}/`;
  const own = Object.entries(targets.targets).filter(([path]) => path.startsWith(prefix));
  const card = own.find(([path]) => path === `${prefix}${cardName}`)?.[1];
  if (card === undefined) {
    const names = new Set(Object.keys(targets.targets).map((path) => path.split("/")[0] ?? ""));
    throw refuseUpdate(id, "model", [...names].slice(0, 8).join(" or ") || "a model that is signed", model);
  }
  const parsed = notesSchema.safeParse(card.custom);
  if (!parsed.success || parsed.data.model !== model)
    throw refuseUpdate(
      id,
      "targets",
      `what belongs to ${model}`,
      parsed.error?.issues[0]?.message ?? "another model",
    );
  const files = new Map(
    own.map(([path, { length, hashes }]) => [
      path.slice(prefix.length),
      { sha256: hashes["sha256"] ?? "", lengthBytes: length },
    ]),
  );
  const digest = modelDigest(files);
  if (digest !== parsed.data.digest)
    throw refuseUpdate(id, "targets", `files that make ${parsed.data.digest}`, digest);
  return { notes: parsed.data, files };
};

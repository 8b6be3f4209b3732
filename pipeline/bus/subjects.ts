import { SwathError } from "../errors.ts";

/*
 * Every subject, stream and bucket of a run. Runs share nothing, so any number of them live on one server.
 *
 * On the bus a run is called `name.incarnation`: the name follows from what is read, the incarnation is random, one for each start.
 * So `swath.<name>.*.result.>` is what any start of that run finds, and no start meets what another one left behind.
 */

/** A run as the bus knows it, `name.incarnation`. Throws `SwathError` ("bus") for a name that no subject can hold. */
export const busRunOf = (name: string, incarnation: string): string =>
  `${token("run", name)}.${token("incarnation", incarnation)}`;

/** The name that nodes and subscribers are given, without the incarnation. */
export const nameOfBusRun = (run: string): string => run.split(".")[0] ?? "";

/** Which start of the run it is. */
export const incarnationOf = (run: string): string => run.split(".")[1] ?? "";

/** A name that may stand in a subject: `[A-Za-z0-9_-]+`. Throws `SwathError` ("bus"). */
const token = (what: string, value: string): string => {
  if (/^[A-Za-z0-9_-]+$/.test(value)) return value;
  throw new SwathError("bus", {
    what: `${what} "${value}" cannot stand in a NATS subject`,
    wanted: "letters, digits, - and _",
  });
};

/** Both tokens of a run on the bus. Throws `SwathError` ("bus"). */
const runTokens = (run: string): string => {
  const [name, incarnation, ...more] = run.split(".");
  if (name !== undefined && incarnation !== undefined && more.length === 0)
    return busRunOf(name, incarnation);
  throw new SwathError("bus", {
    what: `run "${run}" cannot stand in a NATS subject`,
    wanted: "its name, a dot and its incarnation",
  });
};

/** Tasks for a satellite. */
export const taskSubject = (run: string, satellite: string): string =>
  `swath.${runTokens(run)}.task.${token("satellite", satellite)}`;

/** Link segments from a satellite to a station. */
export const linkSubject = (run: string, satellite: string, station: string): string =>
  `swath.${runTokens(run)}.link.${token("satellite", satellite)}.${token("station", station)}`;

/** Who speaks on a `link`, `ground` or `mesh` subject. */
export const speakerOf = (subject: string): string => subject.split(".")[4] ?? "";

/** What all satellites send to one station. */
export const linksToStation = (run: string, station: string): string =>
  `swath.${runTokens(run)}.link.*.${token("station", station)}`;

/** What a station missed, for the satellite to send again. */
export const nakSubject = (run: string, satellite: string): string =>
  `swath.${runTokens(run)}.nak.${token("satellite", satellite)}`;

/** What a station hands to the mission centre. */
export const groundSubject = (run: string, station: string): string =>
  `swath.${runTokens(run)}.ground.${token("station", station)}`;

/** Who mission control is among those that speak to the mission centre: no station is called so. */
export const missionControlName = "mission-control";

/** What a satellite (or a shard of them) says to the others at the end of an epoch. */
export const meshSubject = (run: string, speaker: string | number): string =>
  `swath.${runTokens(run)}.mesh.${token("speaker", `${speaker}`)}`;

/** Where a node says that it lives; nothing of it is kept. */
export const aliveSubject = (run: string, kind: string, node: string): string =>
  `swath.${runTokens(run)}.alive.${token("kind", kind)}.${token("node", node)}`;

/** Of all nodes. */
export const aliveSubjects = (run: string): string => `swath.${runTokens(run)}.alive.>`;

/** Detections for subscribers; `cell` is a coarse H3 cell. */
export const resultSubject = (run: string, className: string, cell: string): string =>
  `swath.${runTokens(run)}.result.${token("class", className)}.${token("cell", cell)}`;

/** Who says the mission record on subject `event`. */
export const controlSpeaker = "mission-control";

/** What a node says for people who watch; `node` is a satellite's name, or `mission-control`. */
export const eventSubject = (run: string, node: string): string =>
  `swath.${runTokens(run)}.event.${token("node", node)}`;

/** The ledgers of a simulated fleet's satellites, from the shards to the first of them. */
export const rowSubject = (run: string, shard: number): string => `swath.${runTokens(run)}.row.${shard}`;

/** Of all shards. */
export const rowSubjects = (run: string): string => `swath.${runTokens(run)}.row.*`;

/** What a run with pixels keeps in JetStream, one stream each; and what a simulated fleet does. */
export const replayKinds = ["task", "link", "nak", "mesh", "ground", "result", "event"] as const;

/** What a simulated fleet keeps in JetStream, one stream each. */
export const fleetKinds = ["mesh", "row"] as const;

/** All kinds of streams that a run may have. */
export const streamKinds = [...replayKinds, "row"] as const;

/** One of `streamKinds`. */
export type StreamKind = (typeof streamKinds)[number];

/** Streams and buckets have no dots in their names. */
const underscored = (run: string): string => runTokens(run).replace(".", "_");

/** Name of a run's stream. Throws `SwathError("bus")` for a run that no subject can hold. */
export const streamName = (run: string, kind: StreamKind): string => `swath_${underscored(run)}_${kind}`;

/** All subjects of a stream. */
export const streamSubjects = (run: string, kind: StreamKind): string => `swath.${runTokens(run)}.${kind}.>`;

/** Name of a run's KV bucket. Throws `SwathError("bus")` for a run that no subject can hold. */
export const bucketName = (run: string): string => `swath_${underscored(run)}`;

/** Name of the KV bucket that holds the lease of a run, whose incarnation it tells. */
export const leaseBucketName = (name: string): string => `swath-lease_${token("run", name)}`;

/** What a stream of the server is to Swath. */
export interface OwnedStream {
  /** Of the run, without its incarnation. */
  readonly name: string;
  /** `null`: the lease, which outlives incarnations. */
  readonly incarnation: string | null;
  readonly kind: StreamKind | "state" | "lease";
}

/** Whose stream it is, by its name; `null` for one that is none of ours. */
export const ownedStream = (stream: string): OwnedStream | null => {
  const lease = /^KV_swath-lease_([\w-]+)$/.exec(stream)?.[1];
  if (lease !== undefined) return { name: lease, incarnation: null, kind: "lease" };
  const [, bucketOf, bucketStart] = /^KV_swath_([\w-]+)_([a-z0-9]+)$/.exec(stream) ?? [];
  if (bucketOf !== undefined && bucketStart !== undefined)
    return { name: bucketOf, incarnation: bucketStart, kind: "state" };
  const [, name, incarnation, word] = /^swath_([\w-]+)_([a-z0-9]+)_([a-z]+)$/.exec(stream) ?? [];
  const kind = streamKinds.find((one) => one === word);
  return name === undefined || incarnation === undefined || kind === undefined
    ? null
    : { name, incarnation, kind };
};

/**
 * The command's run that a part of it belongs to: `compare-3f2a91c0-raw` is a part of `compare-3f2a91c0`. A name that is not made by a
 * command is its own.
 */
export const commandRunOf = (name: string): string => /^[a-z]+-[0-9a-f]{8}(?=-|$)/.exec(name)?.[0] ?? name;

/** The stream that keeps `subject`; throws `SwathError` ("bus") for one that is not kept or of another run. */
export const streamOf = (run: string, subject: string): string => {
  const kind = streamKinds.find((k) => subject.startsWith(`swath.${runTokens(run)}.${k}.`));
  if (kind === undefined) {
    throw new SwathError("bus", {
      what: `subject "${subject}" is not kept by run ${run}`,
      wanted: `swath.${run}.{${streamKinds.join("|")}}.…`,
    });
  }
  return streamName(run, kind);
};

/** A class name as a subject token: `cargo ship` → `cargo_ship`. */
export const classToken = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]+/g, "_") || "unnamed";

/** Keys of a run's bucket: its plan, and the ledger of each node. */
export const planKey = "plan";
/** KV key of a satellite's ledger. */
export const satelliteLedgerKey = (satellite: string): string => `ledger.satellite.${satellite}`;
/** KV key of a station's ledger. */
export const stationLedgerKey = (station: string): string => `ledger.station.${station}`;

import { SwathError } from "../errors.ts";

/*
 * Every subject, stream and bucket of a run. Runs share nothing, so any number of them live on one server.
 */

/** A name that may stand in a subject: `[A-Za-z0-9_-]+`. Throws `SwathError` ("bus"). */
const token = (what: string, value: string): string => {
  if (/^[A-Za-z0-9_-]+$/.test(value)) return value;
  throw new SwathError("bus", {
    what: `${what} "${value}" cannot stand in a NATS subject`,
    wanted: "letters, digits, - and _",
  });
};

/** Tasks for a satellite. */
export const taskSubject = (run: string, satellite: string): string =>
  `swath.${token("run", run)}.task.${token("satellite", satellite)}`;

/** Link segments from a satellite to a station. */
export const linkSubject = (run: string, satellite: string, station: string): string =>
  `swath.${token("run", run)}.link.${token("satellite", satellite)}.${token("station", station)}`;

/** Who speaks on a `link`, `ground` or `mesh` subject. */
export const speakerOf = (subject: string): string => subject.split(".")[3] ?? "";

/** What all satellites send to one station. */
export const linksToStation = (run: string, station: string): string =>
  `swath.${token("run", run)}.link.*.${token("station", station)}`;

/** What a station missed, for the satellite to send again. */
export const nakSubject = (run: string, satellite: string): string =>
  `swath.${token("run", run)}.nak.${token("satellite", satellite)}`;

/** What a station hands to the mission centre. */
export const groundSubject = (run: string, station: string): string =>
  `swath.${token("run", run)}.ground.${token("station", station)}`;

/** What a satellite (or a shard of them) says to the others at the end of an epoch. */
export const meshSubject = (run: string, speaker: string | number): string =>
  `swath.${token("run", run)}.mesh.${token("speaker", `${speaker}`)}`;

/** Detections for subscribers; `cell` is a coarse H3 cell. */
export const resultSubject = (run: string, className: string, cell: string): string =>
  `swath.${token("run", run)}.result.${token("class", className)}.${token("cell", cell)}`;

/** The ledgers of a simulated fleet's satellites, from the shards to the first of them. */
export const rowSubject = (run: string, shard: number): string => `swath.${token("run", run)}.row.${shard}`;

/** Of all shards. */
export const rowSubjects = (run: string): string => `swath.${token("run", run)}.row.*`;

/** What a run with pixels keeps in JetStream, one stream each; and what a simulated fleet does. */
export const replayKinds = ["task", "link", "nak", "mesh", "ground", "result"] as const;

/** What a simulated fleet keeps in JetStream, one stream each. */
export const fleetKinds = ["mesh", "row"] as const;

/** All kinds of streams that a run may have. */
export const streamKinds = [...replayKinds, "row"] as const;

/** One of `streamKinds`. */
export type StreamKind = (typeof streamKinds)[number];

/** Name of a run's stream. Throws `SwathError("bus")` for a run that no subject can hold. */
export const streamName = (run: string, kind: StreamKind): string => `swath_${token("run", run)}_${kind}`;

/** All subjects of a stream. */
export const streamSubjects = (run: string, kind: StreamKind): string =>
  `swath.${token("run", run)}.${kind}.>`;

/** Name of a run's KV bucket. Throws `SwathError("bus")` for a run that no subject can hold. */
export const bucketName = (run: string): string => `swath_${token("run", run)}`;

/** The stream that keeps `subject`; throws `SwathError` ("bus") for one that is not kept or of another run. */
export const streamOf = (run: string, subject: string): string => {
  const kind = streamKinds.find((k) => subject.startsWith(`swath.${run}.${k}.`));
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

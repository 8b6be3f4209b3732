import type { RunFile } from "../../pipeline/atomic-folder.ts";
import type { CentreLog } from "../../pipeline/mission/centre-log.ts";
import { type FlightLog, sampleEvery } from "../../pipeline/mission/flight-log.ts";
import type { MissionPart, MissionPolicy } from "../../pipeline/mission/mission-head.ts";
import type { PolicyGroup } from "../../pipeline/mission/mission-tables.ts";
import { bodySamples } from "./body-samples.ts";
import {
  chipRows,
  flightRows,
  landingRow,
  type NamedRow,
  type Numbering,
  publicationRows,
  waitRow,
} from "./fact-rows.ts";
import { partBetween, partsOf, type WrittenPart } from "./mission-parts.ts";
import { policyRows } from "./policy-rows.ts";

/** What is flown under one policy, as the head has it before it begins. */
export type PlannedPolicy = Pick<MissionPolicy, "label" | "name" | "sends" | "where">;

/** A node in another process of which nothing is heard. */
export interface SilentNode {
  readonly kind: "satellite" | "station";
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Writes down one policy while it is flown. */
export interface PolicyRecorder {
  readonly flight: (satellite: string) => FlightLog;
  /** A row that somebody else made of what happened. */
  readonly add: (row: NamedRow) => void;
  readonly centre: CentreLog;
  /** Stations and the mission centre of this process: what one said, the other has heard. */
  readonly ground: { readonly said: () => void; readonly heard: () => void };
  /** Of these nothing is heard now; of all others something is. */
  readonly silent: (nodes: readonly SilentNode[]) => void;
  /** Something of this policy is not told here. */
  readonly leaveOut: (what: string) => void;
  /** Nothing more comes. */
  readonly close: () => void;
}

/** How far a policy is known, and its parts. */
export type PolicyParts = Omit<MissionPolicy, keyof PlannedPolicy>;

/** What a policy's recorder is made from. */
export interface PolicyStart {
  readonly policy: PlannedPolicy;
  readonly numbering: Numbering;
  readonly satellites: readonly string[];
  /** Length of the horizon, s. */
  readonly horizon: number;
  /** Called when the record has grown, with its new files; `null`: it is wanted whole, at the end alone. */
  readonly onGrown: ((files: readonly RunFile[], parts: PolicyParts) => void) | null;
  /** At most so often, ms of wall time; 200 unless told otherwise. */
  readonly growEveryMs?: number;
  /** Called once, with the complete record. */
  readonly onClosed: (files: readonly RunFile[], parts: PolicyParts) => void;
}

/** At most so often a record grows; ms of wall time. */
const usualGrowEvery = 200;

/** A record that takes long to grow grows seldom: of the time, it takes a part of this at most. */
const growthPart = 40;

/** So many small parts of a group are put together to large ones: the head stays short however long a run is at work. */
const mostParts = 64;

const rowGroups = ["events", "detections"] as const;

/**
 * What satellites, stations and the mission centre tell, in any order among them, as rows in order of time. What happened before the moment that every
 * satellite has passed, and of which the mission centre has heard all that was said by then, is settled: it is the beginning of the complete record.
 */
export const openPolicyRecorder = (start: PolicyStart): PolicyRecorder => {
  const { policy, numbering, satellites, horizon, onGrown, growEveryMs = usualGrowEvery } = start;
  const { label } = policy;
  const rows = policyRows();
  const minutes = Math.floor(horizon / sampleEvery) + 1;
  const samples = bodySamples(satellites.length, minutes);
  const passed = new Map(satellites.map((satellite) => [satellite, 0]));
  const written: Record<PolicyGroup, MissionPart[]> = { events: [], detections: [], body: [] };
  const places: Record<string, Map<string, number>> = { events: new Map(), detections: new Map() };
  const chips: RunFile[] = [];
  const leftOut: string[] = [];
  let silent: NonNullable<PolicyParts["silent"]> = [];
  const gaps = () => (leftOut.length === 0 ? {} : { left_out: [...leftOut] });
  let [said, heard, through, sampled, growAt] = [0, 0, 0, 0, -Infinity];
  /** Who is known to be behind: until it moves, nobody needs to look at all the others. */
  let last: string | null = null;
  let waiting: { readonly through: number; readonly said: number } | null = null;

  let grown = 0;
  // What a file says never changes: whatever is written later has another name.
  const stemOf = (group: PolicyGroup): string => `${label}/live-${group}-${grown}`;
  const take = (group: PolicyGroup, parts: readonly WrittenPart[], fresh: WrittenPart[]): void => {
    written[group].push(...parts.map(({ part }) => part));
    fresh.push(...parts);
  };

  const growRows = (group: (typeof rowGroups)[number], fresh: WrittenPart[]): void => {
    const tables = rows.tablesOf(group);
    const from = places[group] as Map<string, number>;
    const ranges = new Map(
      [...tables].map(([name, table]) => [name, [from.get(name) ?? 0, table.rows] as const]),
    );
    const part = partBetween(`${stemOf(group)}.bin`, tables, ranges, rows.texts);
    if (part === null) return;
    for (const [name, { rows: count }] of tables) from.set(name, count);
    if (written[group].length < mostParts) return take(group, [part], fresh);
    written[group] = [];
    take(group, partsOf(stemOf(group), tables, rows.texts), fresh);
  };

  const growBody = (to: number, fresh: WrittenPart[]): void => {
    const known = Math.min(samples.minutes, Math.ceil(to / sampleEvery));
    if (known <= sampled) return;
    const isLong = written.body.length >= mostParts;
    if (isLong) written.body = [];
    take("body", samples.parts(stemOf("body"), isLong ? 0 : sampled, known), fresh);
    sampled = known;
  };

  const partsNow = (): PolicyParts => ({
    state: "at work",
    through_s: through,
    // Where the ground detects, it knows when it was done with a tile once it has them all.
    published_through_s: policy.where === "board" ? through : 0,
    body_through_s: Math.min(through, sampled * sampleEvery),
    events: [...written.events],
    detections: [...written.detections],
    body: [...written.body],
    ...(silent.length === 0 ? {} : { silent }),
    ...gaps(),
  });

  const grow = (to: number): void => {
    if (onGrown === null) return;
    const begun = performance.now();
    through = to;
    grown++;
    const fresh: WrittenPart[] = [];
    for (const group of rowGroups) {
      if (group === "detections" && policy.where === "ground") continue;
      rows.settle(group, through);
      growRows(group, fresh);
    }
    growBody(through, fresh);
    onGrown([...fresh.map(({ file }) => file), ...chips.splice(0)], partsNow());
    const ended = performance.now();
    growAt = ended + (growEveryMs === 0 ? 0 : Math.max(growEveryMs, growthPart * (ended - begun)));
  };

  const look = (): void => {
    if (onGrown === null) return;
    if (waiting === null) {
      if (performance.now() < growAt) return;
      if (last !== null && (passed.get(last) ?? 0) <= through) return;
      let least = Infinity;
      for (const [satellite, at] of passed) {
        if (at > least) continue;
        // Of several the last: they move in their order, and it moves when all have.
        [least, last] = [at, satellite];
      }
      if (least <= through) return;
      waiting = { through: least, said };
    }
    if (heard < waiting.said) return;
    const { through: to } = waiting;
    waiting = null;
    grow(to);
  };

  return {
    flight(satellite) {
      const place = numbering.satellite(satellite);
      return {
        tell(fact) {
          for (const row of flightRows(numbering, satellite, fact)) rows.add(row);
        },
        sample: (minute, charge, temperature) => samples.add(place, minute, charge, temperature),
        stoodStill: (wait) => rows.add(waitRow(numbering, satellite, wait)),
        through(t) {
          passed.set(satellite, t - numbering.from);
          look();
        },
      };
    },
    add: (row) => rows.add(row),
    centre: {
      landed: (satellite, product, arrival) => rows.add(landingRow(numbering, satellite, product, arrival)),
      published(landed) {
        for (const row of publicationRows(numbering, landed)) rows.add(row);
      },
      chips(acquisition, arrival, landed) {
        for (const row of chipRows(numbering, acquisition, arrival, landed)) rows.add(row);
        if (onGrown !== null)
          chips.push(...landed.map(({ file }) => ({ ...file, path: `${label}/${file.path}` })));
      },
    },
    ground: {
      said: () => void said++,
      heard() {
        heard++;
        if (waiting !== null) look();
      },
    },
    silent(nodes) {
      silent = nodes.map(({ kind, id, sinceMs }) => ({
        kind,
        id,
        since: new Date(sinceMs).toISOString(),
        through_s: passed.get(id) ?? through,
      }));
      onGrown?.([], partsNow());
    },
    leaveOut: (what) => void leftOut.push(what),
    close() {
      rows.close();
      const groups = {
        events: partsOf(`${label}/events`, rows.tablesOf("events"), rows.texts),
        detections: partsOf(`${label}/detections`, rows.tablesOf("detections"), rows.texts),
        body: samples.parts(`${label}/body`, 0, samples.minutes),
      };
      const parts = (group: PolicyGroup): MissionPart[] => groups[group].map(({ part }) => part);
      start.onClosed(
        [...Object.values(groups).flatMap((group) => group.map(({ file }) => file)), ...chips.splice(0)],
        {
          state: "flown",
          through_s: horizon,
          published_through_s: horizon,
          body_through_s: horizon,
          events: parts("events"),
          detections: parts("detections"),
          body: parts("body"),
          ...gaps(),
        },
      );
    },
  };
};

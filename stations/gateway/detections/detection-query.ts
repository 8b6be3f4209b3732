import { isSwathError, messageOf, SwathError } from "../../../pipeline/errors.ts";
import { parseMoment, parseNumber, parseWhole } from "../../../pipeline/quantity.ts";
import {
  type DetectionFilter,
  isOfRun,
  requireClasses,
} from "../../../stations/subscribers/detection-filter.ts";
import type { DetectionFeed } from "../../../stations/subscribers/feed.ts";
import { parsePosition, parseStart, type Start } from "../../../stations/subscribers/position.ts";
import {
  boxArea,
  parseBox,
  readWatchArea,
  type WatchArea,
} from "../../../stations/subscribers/watch-area.ts";
import { HttpProblem } from "../problem.ts";

/** What a client asked for, by name; values as text, but for an area, which a body has as GeoJSON. */
export type AskedQuery = Readonly<Record<string, unknown>>;

/** What is asked for, understood. */
export interface DetectionQuery {
  readonly filter: DetectionFilter;
  /** Name of a cursor that the server keeps, or `null`. */
  readonly cursor: string | null;
  readonly after: number;
  /** Detections per second at most; `null`: as they land. */
  readonly perSecond: number | null;
  /** Of a page. */
  readonly limit: number;
}

/** Names of what only filters: what a subscription keeps. */
export const filterNames = ["class", "bbox", "area", "min_score", "run", "satellite", "since"] as const;
const names = {
  page: [...filterNames, "from", "cursor", "limit"],
  stream: [...filterNames, "from", "cursor", "rate"],
} as const;

/** Longest and usual page. */
const pageLimits = { usual: 100, most: 10_000 };

const textOf = (asked: AskedQuery, name: string): string | null => {
  const value = asked[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string" || typeof one === "number"))
    return value.join(",");
  throw new SwathError("config", {
    what: name,
    wanted: "text",
    got: JSON.stringify(value).slice(0, 60),
    field: name,
  });
};

const listOf = (asked: AskedQuery, name: string): readonly string[] | null => {
  const text = textOf(asked, name);
  if (text === null) return null;
  const items = [...new Set(text.split(",").map((one) => one.trim()))];
  if (items.every((one) => one !== "") && items.length <= 100) return items;
  throw new SwathError("config", {
    what: name,
    wanted: "1 to 100 names with commas between",
    got: `"${text.slice(0, 80)}"`,
    field: name,
  });
};

/** Reads a parameter; what is refused says which one it is, by its name. */
export const inField = <T>(field: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!isSwathError(error, "config") || error.parts.field !== undefined) throw error;
    throw new SwathError("config", { ...error.parts, field, cause: error });
  }
};

const areaOf = (asked: AskedQuery): WatchArea | null => {
  const box = textOf(asked, "bbox");
  const { area } = asked;
  if (box !== null && area !== undefined)
    throw new SwathError("config", { what: "the area", wanted: "bbox or area", got: "both", field: "area" });
  if (box !== null) return inField("bbox", () => boxArea(parseBox(box, "bbox")));
  if (area === undefined || area === null) return null;
  if (typeof area !== "string") return readWatchArea(area);
  let value: unknown;
  try {
    value = JSON.parse(area);
  } catch (cause) {
    throw new SwathError("config", {
      what: "area",
      wanted: "GeoJSON polygons",
      got: messageOf(cause),
      field: "area",
      cause,
    });
  }
  return readWatchArea(value);
};

/** Reads `10/s`, `100/min`, `500/h`. Throws `SwathError("config")`. */
export const parsePerSecond = (text: string, what: string): number => {
  const [, count = "", unit = ""] = /^([\d.]+)\/(s|min|h)$/.exec(text.trim()) ?? [];
  const seconds = { s: 1, min: 60, h: 3600 }[unit];
  const rate = seconds === undefined ? Number.NaN : Number(count) / seconds;
  if (rate > 0 && rate <= 1e6) return rate;
  throw new SwathError("config", {
    what,
    wanted: "detections a second, minute or hour, such as 10/s or 100/min",
    got: `"${text.slice(0, 40)}"`,
    field: "rate",
  });
};

const requireKnown = (asked: AskedQuery, known: readonly string[]): void => {
  const unknown = Object.keys(asked).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SwathError("config", {
    what: `unknown parameter "${unknown.slice(0, 40)}"`,
    wanted: known.join(", "),
    got: `"${unknown.slice(0, 40)}"`,
    field: unknown.slice(0, 40),
  });
};

/** Reads what filters. Throws `SwathError("config")` that names the parameter. */
export const readFilter = (asked: AskedQuery, feed: Pick<DetectionFeed, "knownClasses">): DetectionFilter => {
  const classes = listOf(asked, "class");
  requireClasses(classes, feed.knownClasses());
  const score = textOf(asked, "min_score");
  const since = textOf(asked, "since");
  return {
    area: areaOf(asked),
    classes,
    minScore: score === null ? 0 : inField("min_score", () => parseNumber("min_score", score, 0, 1)),
    run: textOf(asked, "run"),
    satellites: listOf(asked, "satellite"),
    sinceMs: since === null ? null : inField("since", () => parseMoment("since", since) * 1000),
  };
};

/** The cursor or number that a client says itself, if it says one. */
const saidPosition = (asked: AskedQuery, lastEventId: string | undefined): boolean =>
  (lastEventId ?? "") !== "" ||
  (asked["cursor"] === undefined && /^(\d+|j\w+-\d+)$/.test(textOf(asked, "from") ?? ""));

/** Refuses to go on in one run from a detection of another. */
const requireSameRun = async (feed: DetectionFeed, after: number, run: string | null): Promise<void> => {
  if (run === null || after === 0) return;
  const { entries } = await feed.journal.read(after);
  const entry = entries[0];
  if (entry?.seq !== after || isOfRun(entry.result.run, run)) return;
  throw new HttpProblem(409, {
    what: "a cursor of another run",
    wanted: `one of run ${run}`,
    got: `that of a detection of ${entry.result.run}`,
    hint: "start with from=start, from=now or a time, or leave out run",
    field: "cursor",
  });
};

const startOf = (
  feed: DetectionFeed,
  asked: AskedQuery,
  run: string | null,
  lastEventId: string | undefined,
): Start => {
  const { journal, cursors } = feed;
  if (lastEventId !== undefined && lastEventId !== "")
    return { after: parsePosition(journal, lastEventId, "Last-Event-ID"), sinceMs: null };
  const name = textOf(asked, "cursor");
  const from = textOf(asked, "from");
  if (name === null) return inField("from", () => parseStart(journal, from ?? "now"));
  const kept = cursors.get(name);
  if (kept === null) {
    throw new HttpProblem(404, {
      what: `no cursor "${name.slice(0, 80)}"`,
      hint: "PUT /api/cursors/NAME makes one",
      field: "cursor",
    });
  }
  if (kept.journal !== journal.id) {
    throw new HttpProblem(409, {
      what: `cursor ${name} is of another journal`,
      wanted: journal.id,
      got: kept.journal,
      hint: "DELETE it and make it anew",
      field: "cursor",
    });
  }
  if (kept.run !== run) {
    throw new HttpProblem(409, {
      what: `cursor ${name} is of another run`,
      wanted: kept.run === null ? "no run" : `run=${kept.run}`,
      got: run === null ? "none" : `run=${run}`,
      hint: "use another name for another run",
      field: "cursor",
    });
  }
  return { after: Math.min(kept.after, journal.head), sinceMs: null };
};

/**
 * Reads a query. Where it starts: behind `Last-Event-ID`, else at the cursor that the server keeps, else `from`, else now. Throws
 * `SwathError("config")` or `HttpProblem`.
 */
export const readQuery = async (
  feed: DetectionFeed,
  asked: AskedQuery,
  kind: "page" | "stream",
  lastEventId?: string,
): Promise<DetectionQuery> => {
  requireKnown(asked, names[kind]);
  const filter = readFilter(asked, feed);
  const start = startOf(feed, asked, filter.run, lastEventId);
  if (saidPosition(asked, lastEventId)) await requireSameRun(feed, start.after, filter.run);
  const rate = textOf(asked, "rate");
  const limit = textOf(asked, "limit");
  return {
    filter: start.sinceMs === null ? filter : { ...filter, sinceMs: start.sinceMs },
    cursor: textOf(asked, "cursor"),
    after: start.after,
    perSecond: rate === null ? null : parsePerSecond(rate, "rate"),
    limit:
      limit === null
        ? pageLimits.usual
        : inField("limit", () => parseWhole("limit", limit, 1, pageLimits.most)),
  };
};

/** Reads a query from an address, and from a body where there is one. Throws `SwathError("config")`. */
export const askedOf = async (
  query: Readonly<Record<string, string[]>>,
  body: (() => Promise<unknown>) | null,
): Promise<AskedQuery> => {
  const written = Object.fromEntries(
    Object.entries(query).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  if (body === null) return written;
  let value: unknown;
  try {
    value = await body();
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    throw new SwathError("config", {
      what: "the body",
      wanted: "a JSON object",
      got: messageOf(cause),
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...written, ...value };
  throw new SwathError("config", {
    what: "the body",
    wanted: "a JSON object",
    got: JSON.stringify(value)?.slice(0, 40) ?? "none",
  });
};

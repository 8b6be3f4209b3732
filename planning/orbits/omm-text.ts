import { SwathError } from "../../pipeline/errors.ts";
import { commaRows } from "./comma-rows.ts";
import type { ElementReading, LeftOut } from "./element-reading.ts";
import { parseJsonText } from "./json-text.ts";
import { ommElements, type OmmFields } from "./omm.ts";
import type { ElementSet } from "../../pipeline/orbit/satellite.ts";
import { xmlLeaves } from "./xml-leaves.ts";

/** One message: its fields, or why they could not be made out; and what to call it. */
interface Message {
  readonly where: string;
  readonly fields: OmmFields | SwathError;
}

const isFields = (value: unknown): value is OmmFields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const inJson = (text: string, source: string): readonly Message[] => {
  const parsed = parseJsonText(text, source, "OMM objects");
  return (Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed]).map((value, index) => {
    const where = `${source} object ${index + 1}`;
    const got = value === null ? "null" : typeof value;
    const fields = isFields(value)
      ? value
      : new SwathError("orbit", { what: where, wanted: "an OMM object", got });
    return { where, fields };
  });
};

const inCsv = (text: string, source: string): readonly Message[] => {
  const [header, ...rows] = commaRows(text);
  const keys = (header?.cells ?? []).map((cell) => cell.trim().toUpperCase());
  return rows.flatMap(({ line, cells }): readonly Message[] => {
    const where = `${source} line ${line}`;
    // Files that were joined repeat their header.
    if (cells.every((cell, index) => cell.trim().toUpperCase() === keys[index])) return [];
    if (cells.length !== keys.length) {
      const fields = new SwathError("orbit", {
        what: where,
        wanted: `${keys.length} cells, as the header has`,
        got: `${cells.length}`,
      });
      return [{ where, fields }];
    }
    return [{ where, fields: Object.fromEntries(keys.map((key, index) => [key, cells[index]])) }];
  });
};

/** Units that a value may bring; another would make another number of it. CCSDS 502.0-B-3, table 4-3. */
const unitOf: Readonly<Record<string, string>> = {
  MEAN_MOTION: "rev/day",
  INCLINATION: "deg",
  RA_OF_ASC_NODE: "deg",
  ARG_OF_PERICENTER: "deg",
  MEAN_ANOMALY: "deg",
  BSTAR: "1/[Earth radii]",
};

/** Spellings of the units above. */
const sameUnit = (key: string, unit: string): boolean => {
  const plain = unit.toLowerCase().replaceAll(/[\s*]/g, "");
  if (key === "BSTAR") return ["1/er", "1/[earthradii]", "1/earthradii"].includes(plain);
  return plain === unitOf[key];
};

/** Puts a value into a message. `null`, or why it cannot stand there: it is there already, or its unit is another. */
const put = (
  fields: Record<string, unknown>,
  key: string,
  value: string,
  unit: string | null,
  where: string,
): SwathError | null => {
  if (Object.hasOwn(fields, key)) {
    return new SwathError("orbit", { what: `${where}: ${key}`, wanted: "one value", got: "two" });
  }
  fields[key] = value;
  if (unit === null || unitOf[key] === undefined || sameUnit(key, unit)) return null;
  return new SwathError("orbit", { what: `${where}: unit of ${key}`, wanted: unitOf[key], got: unit });
};

/** `51.6 [deg]` in KVN. Only where a keyword has a unit: names have brackets of their own, `STARLINK-11072 [DTC]`. */
const valueAndUnit = (key: string, text: string): readonly [value: string, unit: string | null] => {
  const match = unitOf[key] === undefined ? null : /^([^[]*?)\s*\[(.*)\]$/.exec(text);
  return match === null ? [text, null] : [match[1] ?? "", match[2] ?? ""];
};

/** Keywords that may stand more than once in a message, and say nothing of the orbit. */
const isRemark = (key: string): boolean => key === "COMMENT" || key.startsWith("USER_DEFINED");

const inKvn = (text: string, source: string): readonly Message[] => {
  const messages: { where: string; fields: Record<string, unknown>; fault: SwathError | null }[] = [];
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || /^COMMENT\b/.test(line)) continue;
    const where = `${source} line ${index + 1}`;
    const [, key = "", value = ""] = /^([A-Za-z_0-9]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const last = messages.at(-1);
    // A message begins with its version; where that was left out, with the name.
    const begins =
      last === undefined ||
      /^CCSDS_\w+_VERS$/.test(key) ||
      (key === "OBJECT_NAME" && Object.hasOwn(last.fields, key));
    const open = begins
      ? { where: `${source}, message of line ${index + 1}`, fields: {}, fault: null }
      : last;
    if (begins) messages.push(open);
    const wanted = "KEYWORD = value";
    if (key === "")
      open.fault ??= new SwathError("orbit", { what: where, wanted, got: `"${line.slice(0, 40)}"` });
    else if (/^CCSDS_(?!OMM_)\w+_VERS$/.test(key))
      open.fault ??= new SwathError("orbit", { what: where, wanted: "an OMM", got: key });
    else if (!isRemark(key)) open.fault ??= put(open.fields, key, ...valueAndUnit(key, value), where);
  }
  return messages.map(({ where, fields, fault }) => ({ where, fields: fault ?? fields }));
};

const inXml = (text: string, source: string): readonly Message[] => {
  const messages: { where: string; fields: Record<string, unknown>; fault: SwathError | null }[] = [];
  for (const { path, text: value, attributes } of xmlLeaves(text, source)) {
    const message = path.find(({ name }) => name === "omm");
    if (message === undefined) continue;
    const where = `${source} omm ${message.ordinal}`;
    let open = messages.at(-1);
    if (open?.where !== where) messages.push((open = { where, fields: {}, fault: null }));
    const key = path.at(-1)?.name ?? "";
    if (!isRemark(key) && path.at(-2)?.name !== "userDefinedParameters")
      open.fault ??= put(open.fields, key, value, attributes.get("units") ?? null, where);
  }
  if (messages.length === 0) {
    throw new SwathError("orbit", { what: `${source} is XML without an OMM`, wanted: "<omm> elements" });
  }
  return messages.map(({ where, fields, fault }) => ({ where, fields: fault ?? fields }));
};

const forms = { json: inJson, csv: inCsv, kvn: inKvn, xml: inXml } as const;

/** Forms of the orbit mean-elements message that are read. */
export type OmmForm = keyof typeof forms;

/** The form of a text of elements by its first characters; `null`: lines of a TLE. */
export const ommFormOf = (text: string): OmmForm | null => {
  const first = text.trimStart();
  if (/^[[{]/.test(first)) return "json";
  if (first.startsWith("<")) return "xml";
  const line = /^(?!#|COMMENT\b).*\S.*$/m.exec(text)?.[0] ?? "";
  if (/^\s*[A-Za-z_0-9]+\s*=/.test(line)) return "kvn";
  return /(?:^|[",;\t])\s*MEAN_MOTION\s*(?:$|[",;\t])/i.test(line) ? "csv" : null;
};

/**
 * Reads orbit mean-elements messages as JSON (one object or an array), CSV, KVN or XML (one `<omm>` or `<ndm>` of many), numbers
 * as numbers or as text: what CelesTrak and Space-Track serve. A message that is not sound is left out, with place and reason.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") where the text as a whole is broken: no JSON, tags that do not close
 */
export const parseOmm = (text: string, source: string, form: OmmForm): ElementReading => {
  const sets: ElementSet[] = [];
  const leftOut: LeftOut[] = [];
  for (const { where, fields } of forms[form](text, source)) {
    try {
      if (fields instanceof SwathError) throw fields;
      sets.push(ommElements(fields, where));
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      const name = fields instanceof SwathError ? undefined : fields["OBJECT_NAME"];
      leftOut.push({ name: typeof name === "string" ? name.trim() : null, error });
    }
  }
  return { sets, leftOut };
};

import { type ResultMessage, resultVersion } from "../../pipeline/mission/result-message.ts";

/** What subscribers are told apart by: all that a filter looks at. */
export type DetectionHead = Pick<
  ResultMessage,
  "id" | "run" | "class" | "score" | "satellite" | "longitude" | "latitude" | "received_at"
>;

const text = String.raw`"[^"\\\u0000-\u001f]*"`;
/** Finite, and no more of JSON's numbers than results have. */
const number = String.raw`-?(?:0|[1-9]\d{0,20})(?:\.\d+)?(?:e-\d{1,3}|e\+\d{1,2})?`;
const point = String.raw`\[${number},${number}\]`;
const points = String.raw`(?:null|\[(?:${point}(?:,${point})*)?\])`;
const told = (pattern: string): string => `(${pattern})`;

/** A result as `encodeResultMessage` writes it: its keys in that order, no space between, no escapes in its texts. */
const written = new RegExp(
  [
    String.raw`^\{"schema":"${resultVersion}"`,
    `"id":${told(text)}`,
    `"run":${told(text)}`,
    `"policy":${text}`,
    `"scene":${text}`,
    String.raw`"acquisition":(?:0|[1-9]\d{0,14})`,
    `"satellite":${told(text)}`,
    `"station":${text}`,
    `"class":${told(text)}`,
    `"score":${told(number)}`,
    `"place":"(?:ground|pixels)"`,
    String.raw`"box_px":\[${number},${number},${number},${number}\]`,
    `"outline_px":${points}`,
    `"longitude":${told(`null|${number}`)}`,
    `"latitude":${told(`null|${number}`)}`,
    `"polygon":${points}`,
    `"captured_at":${text}`,
    `"received_at":${told(text)}`,
    String.raw`"latency_s":${number}(?:,"model":"[0-9a-f]{16}")?\}$`,
  ].join(","),
);

const unquoted = (quoted: string | undefined): string => quoted?.slice(1, -1) ?? "";
const numberOrNull = (said: string | undefined): number | null => (said === "null" ? null : Number(said));

/**
 * The head of a result that is written as our own publishers write it: checked and read by one pattern, four times as fast as by parsing it.
 * `null` for any other, which may be a result all the same.
 */
export const readWrittenHead = (message: string): DetectionHead | null => {
  const match = written.exec(message);
  if (match === null) return null;
  const [, id, run, satellite, name, score, longitude, latitude, received] = match;
  return {
    id: unquoted(id),
    run: unquoted(run),
    class: unquoted(name),
    score: Number(score),
    satellite: unquoted(satellite),
    longitude: numberOrNull(longitude),
    latitude: numberOrNull(latitude),
    received_at: unquoted(received),
  };
};

/** The head of a result that has been checked before. */
export const readHead = (message: string): DetectionHead =>
  readWrittenHead(message) ?? (JSON.parse(message) as ResultMessage);

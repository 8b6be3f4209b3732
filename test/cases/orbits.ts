import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import { formatInstant, instant } from "../../pipeline/units.ts";
import { staleElements } from "../../planning/orbits/expiry.ts";
import { findPasses } from "../../planning/contacts/pass.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { type Answer, type CaseCheck, exactly } from "./case.ts";

/** Rises and sets over the station of a file, as `swath plan` would search them, notes thrown as they are refusals by name. */
const edgesOf = async (
  folder: string,
  elements: string,
  station: string,
  from: string,
  hours: number,
): Promise<readonly (readonly [rise: number, set: number])[]> => {
  const readText = (name: string): string => readFileSync(join(folder, name), "utf8");
  const [satellite] = await resolveConstellation(elements, readText, { strict: true });
  const [place] = await resolveStations(station, readText, { strict: true });
  const start = instant(Date.parse(from) / 1000);
  const end = instant(start + hours * 3600);
  staleElements([satellite!], start, end);
  return findPasses(satellite!, place!, start, end).map(({ aos, los }) => [aos, los]);
};

/** Times of a day, each to within 0.06 s (the note has two decimals, Skyfield and ours differ by 0.05 s). */
const answerOf = (ours: readonly number[], right: readonly string[], from: string): Answer => {
  const text = ours.map((at) => formatInstant(instant(at)).slice(11, 23)).join(" ");
  // Times go on past midnight: each is the first of its kind after the one before.
  let last = Date.parse(from) / 1000;
  const wanted = right.map((time) => {
    const day = Math.floor(last / 86_400) * 86_400;
    const at = day + Date.parse(`1970-01-01T${time}Z`) / 1000;
    last = at < last - 1 ? at + 86_400 : at;
    return last;
  });
  const isRight =
    ours.length === wanted.length && ours.every((at, index) => Math.abs(at - wanted[index]!) < 0.1);
  return { ours: text, isRight };
};

const refusal = (of: string, elements: string, right: string, message: RegExp): CaseCheck => ({
  of,
  right: `${elements} refused: ${right}`,
  ask: async (path) => {
    try {
      const passes = await edgesOf(path, elements, "auburn.json", "2026-07-19T12:00:00Z", 8);
      return { ours: `${passes.length} passes`, isRight: false };
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      return { ours: error.message, isRight: message.test(error.message) };
    }
  },
});

/** Which of rise and set the note tells. */
const pick = {
  both: (passes: readonly (readonly [number, number])[]) => passes.flat(),
  rises: (passes: readonly (readonly [number, number])[]) => passes.map(([rise]) => rise),
} as const;

const times = (
  of: string,
  elements: string,
  station: string,
  from: string,
  hours: number,
  right: readonly string[],
  which: keyof typeof pick = "both",
): CaseCheck => ({
  of,
  right: `${elements}: ${right.join(" ")}`,
  ask: async (path) =>
    answerOf(pick[which](await edgesOf(path, elements, station, from, hours)), right, from),
});

const xp = "field/o01-sgp4xp-ephemeris-type-4";
const forms = "field/o02-celestrak-csv-kvn-xml";
const frames = "field/o06-omm-frame-and-time-system";
const kept = "field/o20-right-answers-to-keep";

export const orbits: readonly CaseCheck[] = [
  refusal(xp, "xp.tle", "elements for SGP4-XP", /column 63 .*SGP4-XP/),
  refusal(xp, "omm_xp.json", "elements for SGP4-XP", /EPHEMERIS_TYPE: .*SGP4-XP/),
  refusal(xp, "omm_xp2.json", "elements for SGP4-XP", /MEAN_ELEMENT_THEORY.*SGP4-XP/),
  ...["omm.json", "omm.csv", "omm.kvn"].map((elements) =>
    times(
      forms,
      elements,
      "auburn.json",
      "2026-07-19T12:00:00Z",
      8,
      ["15:27:37.7", "17:02:21.9", "18:41:57.9"],
      "rises",
    ),
  ),
  refusal(forms, "omm.xml", "it has a name and no elements", /omm\.xml omm 1: NORAD_CAT_ID.*nothing/),
  refusal(frames, "omm_frame.json", "Mars, EME2000, GPS", /CENTER_NAME: wanted EARTH, got "MARS"/),
  times(kept, "alpha5.tle", "fairbanks.json", "2020-12-07T00:00:00Z", 6, [
    "00:04:48.27",
    "00:22:25.17",
    "01:56:28.67",
    "02:13:42.32",
    "03:51:10.26",
    "04:05:21.41",
    "05:48:02.63",
    "05:58:05.11",
  ]),
  times(kept, "heo.tle", "one.json", "2024-10-31T00:00:00Z", 48, [
    "05:30:31.23",
    "16:43:34.31",
    "05:25:57.98",
    "16:39:02.18",
  ]),
  times(kept, "iridium.tle", "auburn.json", "2021-02-09T00:00:00Z", 1 / 6, ["00:00:00", "00:04:11.98"]),
  ...["calsphere.tle", "calsphere_sp.tle"].map((elements) =>
    times(kept, elements, "fairbanks.json", "2023-05-12T16:49:00Z", 0.1, ["16:49:00", "16:51:54.77"]),
  ),
  times(kept, "kanopus.tle", "mask70.json", "2024-09-05T00:00:00Z", 48, ["00:00:31.81", "00:01:08.17"]),
  times(
    kept,
    "plus.tle",
    "fairbanks.json",
    "2021-11-16T19:00:00Z",
    6,
    ["19:32:05.03", "21:13:30.30", "22:54:34.32", "00:34:54.70"],
    "rises",
  ),
  {
    of: kept,
    right: "blow.tle refused as decayed 57 days before its epoch",
    ask: async (path) => {
      try {
        await edgesOf(path, "blow.tle", "fairbanks.json", "2025-01-01T00:00:00Z", 6);
        return { ours: "passes", isRight: false };
      } catch (error) {
        if (!(error instanceof SwathError)) throw error;
        return { ours: error.message, isRight: /decay/.test(error.message) };
      }
    },
  },
  {
    of: kept,
    right: "zeros.tle read, leading zeros and all: inclination 51.6417, perigee 4.6179",
    ask: async (path) => {
      const text = readFileSync(join(path, "zeros.tle"), "utf8");
      const [satellite] = await resolveConstellation("zeros.tle", () => text, { strict: true });
      const { inclination, argumentOfPerigee } = satellite!.elements;
      return exactly(`${inclination} ${argumentOfPerigee}`, "51.6417 4.6179");
    },
  },
  {
    of: kept,
    right: "poles.json: a station at 180° and one at −180° see the same, and the poles see every orbit",
    ask: async (path) => {
      const readText = (name: string): string => readFileSync(join(path, name), "utf8");
      const stations = await resolveStations("poles.json", readText, { strict: true });
      const [satellite] = await resolveConstellation("alpha5.tle", readText, { strict: true });
      const start = instant(Date.parse("2020-12-07T00:00:00Z") / 1000);
      const counts = stations.map((station) =>
        findPasses(satellite!, station, start, instant(start + 86_400)).map(({ aos }) => aos.toFixed(2)),
      );
      const [north = [], south = [], plus = [], minus = []] = counts;
      const ours = counts.map(({ length }) => length).join(" ");
      const isRight =
        plus.join() === minus.join() && plus.length > 0 && north.length >= 12 && south.length >= 12;
      return { ours, isRight };
    },
  },
];

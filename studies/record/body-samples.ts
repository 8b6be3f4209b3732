import { sampleEvery } from "../../pipeline/mission/flight-log.ts";
import { writePart, type WrittenPart } from "./mission-parts.ts";

/** Charge and temperature of all satellites, each minute. */
export interface BodySamples {
  /** Of one satellite; its minutes come in order. */
  readonly add: (satellite: number, minute: number, charge: number, temperature: number) => void;
  /** Minutes that are known of every satellite. */
  readonly minutes: number;
  /** Minutes `from` … `to` (not included) as parts of about a megabyte; `stem` is the beginning of their paths. */
  readonly parts: (stem: string, from: number, to: number) => readonly WrittenPart[];
}

/** Bytes of a part. */
const partBytes = 1_000_000;

/** Both columns. */
const sampleBytes = 4;

/** Room for so many minutes of so many satellites. */
export const bodySamples = (satellites: number, minutes: number): BodySamples => {
  const charges = new Uint16Array(satellites * minutes);
  const temperatures = new Uint16Array(satellites * minutes);
  const known = new Uint32Array(satellites);
  const inPart = Math.max(1, Math.floor(partBytes / (sampleBytes * satellites)));
  return {
    add(satellite, minute, charge, temperature) {
      if (minute >= minutes) return;
      const at = minute * satellites + satellite;
      charges[at] = Math.round(charge * 0xffff);
      temperatures[at] = Math.round(temperature * 100);
      known[satellite] = minute + 1;
    },
    get minutes() {
      return known.reduce((least, count) => Math.min(least, count), minutes);
    },
    parts(stem, from, to) {
      const parts: WrittenPart[] = [];
      for (let first = from; first < to; first += inPart) {
        const end = Math.min(to, first + inPart);
        const [low, high] = [first * satellites, end * satellites];
        const body = {
          rows: high - low,
          columns: {
            charge: charges.subarray(low, high),
            temperature_ck: temperatures.subarray(low, high),
          },
        };
        const said = {
          before: { body: low },
          from_s: first * sampleEvery,
          to_s: (end - 1) * sampleEvery,
        };
        parts.push(writePart(`${stem}-${parts.length}.bin`, { body }, [], said));
      }
      return parts;
    },
  };
};

/** cote itself beside ours: compiled from a checkout, and flown over one of its cases. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoteCase } from "./cote-cases.ts";

/** What its bent-pipe example is made of, as its CMakeLists.txt has it. */
const headers =
  "channel constants date-time ground-station isim log log-level receiver satellite sensor transmitter utilities";
const sources = [
  "channel/source/Channel.cpp",
  "date-time/source/DateTime.cpp",
  "ground-station/source/GroundStation.cpp",
  "log/source/Log.cpp",
  "receiver/source/Receiver.cpp",
  "satellite/source/Satellite.cpp",
  "sensor/source/Sensor.cpp",
  "transmitter/source/Transmitter.cpp",
  "utilities/source/utilities.cpp",
];

const signed = (value: number, digits: number): string =>
  `${value < 0 ? "-" : "+"}${Math.abs(value)
    .toFixed(9)
    .padStart(digits - 1, "0")}`;

const number = (value: number, digits: number): string => value.toFixed(9).padStart(digits, "0");

const id = (value: number): string => `${value}`.padStart(10, "0");

/** The files of a configuration, of fixed columns each: what its scripts populate_*.py write. */
const writeCase = (
  checkout: string,
  folder: string,
  { satellites, stations, step }: CoteCase,
  steps: number,
): void => {
  const given = join(checkout, "examples/bent-pipe/scripts/common-data");
  for (const name of ["date-time.dat", "sensor.dat", "planet.tle"])
    copyFileSync(join(given, name), join(folder, name));
  copyFileSync(
    join(given, `planet-${`${satellites.length}`.padStart(3, "0")}.dat`),
    join(folder, "constellation.dat"),
  );
  const write = (name: string, header: string, ...values: readonly string[]): void =>
    writeFileSync(join(folder, `${name}.dat`), `${header}\r\n${values.join(",")}\r\n`);
  write("time-step", "hour,minute,second,nanosecond", "00", "00", `${step}`.padStart(2, "0"), "000000000");
  write("num-steps", "steps", `${steps}`.padStart(19, "0"));
  const radio = [number(8.15e9, 22), number(20e6, 23)];
  const sender = 1000 * (satellites[0]?.catalogNumber ?? 0);
  write(
    `tx-${id(sender)}`,
    "id,power,line_loss,gain,center_frequency,bandwidth",
    id(sender),
    signed(2, 16),
    signed(-1, 13),
    signed(6, 13),
    ...radio,
  );
  for (const [n, { latitude, longitude }] of stations.entries()) {
    const name = id(90_000 + n);
    write(`gnd-${name}`, "id,lat,lon,hae", name, signed(latitude, 13), signed(longitude, 14), signed(0, 13));
    write(`rx-${name}`, "id,gain,center_frequency,bandwidth", name, signed(44.1, 13), ...radio);
  }
};

/** cote, compiled. */
export interface Cote {
  /** Satellite-hours that it does in a second of processor time: it finds who sees whom at every step, allots antennas and counts bits. */
  readonly rate: (one: CoteCase, steps: number) => number;
  readonly dispose: () => void;
}

/** Compiles the checkout's bent-pipe example with g++ -O3; a text that says why not, where that fails. */
export const compileCote = (checkout: string): Cote | string => {
  const folder = mkdtempSync(join(tmpdir(), "swath-bench-cote-"));
  const program = join(folder, "bent_pipe");
  const software = join(checkout, "software");
  const { status, stderr, error } = spawnSync(
    "g++",
    [
      ..."-O3 -std=c++17 -o".split(" "),
      program,
      ...headers.split(" ").map((name) => `-I${join(software, name, "include")}`),
      join(checkout, "examples/bent-pipe/source/bent-pipe.cpp"),
      ...sources.map((name) => join(software, name)),
      "-lstdc++fs",
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    return error?.message ?? stderr.trim().split("\n")[0] ?? "no reason given";
  }
  let runs = 0;
  return {
    rate(one, steps) {
      const name = `planet-${one.satellites.length}-ns-${one.stations.length}-${runs++}`;
      const [configuration, logs] = [join(folder, "configuration", name), join(folder, "logs", name)];
      for (const path of [configuration, logs]) mkdirSync(path, { recursive: true });
      writeCase(checkout, configuration, one, steps);
      const flown = spawnSync(
        "bash",
        ["-c", `TIMEFORMAT="%U %S"; time "$0" "$@"`, program, `${configuration}/`, `${logs}/`],
        { encoding: "utf8" },
      );
      if (flown.status !== 0) throw new Error(`cote: ${flown.stderr.trim()}`);
      const spent = flown.stderr
        .trim()
        .split(" ")
        .reduce((sum, text) => sum + Number(text), 0);
      return (one.satellites.length * steps * one.step) / 3600 / spent;
    },
    dispose: () => rmSync(folder, { recursive: true }),
  };
};

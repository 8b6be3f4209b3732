import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Body } from "../../../operators/platform/body.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { instant, later, seconds, watts, type Instant } from "../../../pipeline/units.ts";
import { findNamedConstellation } from "../../../planning/orbits/constellation-presets.ts";

const telemetry = "../shared/datasets/bupt-1/longest_rounds_energy_df.csv";
const absent = !existsSync(telemetry);
if (absent) console.log(`bupt-1 against its telemetry skipped: ${telemetry} is not there`);

/** One orbit, from one pass over the equator to the next; energies in watt-hours. */
interface Round {
  readonly from: Instant;
  readonly to: Instant;
  readonly total: number;
  readonly solar: number;
  readonly communication: number;
  readonly payload: number;
}

const roundsOf = (text: string): readonly Round[] =>
  text
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => {
      const [from = "", to = "", ...energies] = row.split(",");
      const [total = 0, solar = 0, communication = 0, payload = 0] = energies.map(Number);
      const at = (time: string): Instant => instant(Date.parse(`${time.replace(" ", "T")}Z`) / 1000);
      return { from: at(from), to: at(to), total, solar, communication, payload };
    });

/** The receiver, part of the base load: the least that communication drew in a round. */
const receiver = 0.5;

describe.skipIf(absent)("bupt-1 against its telemetry", () => {
  test("means of harvest and consumption over 196 rounds are within 5 %", () => {
    const rounds = roundsOf(readFileSync(telemetry, "utf8"));
    expect(rounds.length).toBe(196);
    const from = rounds[0]!.from;
    const to = rounds.at(-1)!.to;
    const craft = spacecraftOf(findSpacecraftPreset("bupt-1")!);
    const [satellite] = findNamedConstellation("bupt-1")!.satellites(from);
    const body = new Body(craft, satellite!, from, to);
    const { power } = craft.radio;
    const inContact = power + craft.power!.loads.contact;
    let hours = 0;
    for (const round of rounds) {
      const span = round.to - round.from;
      hours += span / 3600;
      // What it did is told by its energies: the preset's figures say for how long it was at it.
      const sending = (Math.max(0, round.communication * 3600 - receiver * span) / inContact) as typeof span;
      const working = (round.payload * 3600) / craft.computer.power;
      const end = later(round.from, seconds(Math.min(span, sending)));
      body.draw("contact", round.from, end, watts(craft.power!.loads.contact));
      body.draw("transmit", round.from, end, power);
      body.draw(
        "compute",
        round.from,
        later(round.from, seconds(Math.min(span, working))),
        craft.computer.power,
      );
    }
    const ledger = body.close();
    const mean = (key: "total" | "solar"): number =>
      rounds.reduce((sum, round) => sum + round[key], 0) / hours;
    const ours = {
      solar: ledger.power!.generated / (to - from),
      total: ledger.power!.demanded / (to - from),
    };
    const off = { solar: ours.solar / mean("solar") - 1, total: ours.total / mean("total") - 1 };
    console.log(
      `bupt-1: harvest ${ours.solar.toFixed(2)} W (telemetry ${mean("solar").toFixed(2)} W, ${(off.solar * 100).toFixed(1)} %), ` +
        `consumption ${ours.total.toFixed(2)} W (telemetry ${mean("total").toFixed(2)} W, ${(off.total * 100).toFixed(1)} %)`,
    );
    expect(Math.abs(off.solar)).toBeLessThan(0.05);
    expect(Math.abs(off.total)).toBeLessThan(0.05);
  });
});

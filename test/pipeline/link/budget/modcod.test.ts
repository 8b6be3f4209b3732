import { describe, expect, it } from "vitest";
import {
  dvbS2Modcods,
  modcodLadder,
  modulations,
  nextRung,
  spectralEfficiency,
} from "../../../../pipeline/link/budget/modcod.ts";

/**
 * Spectral efficiency and ideal Es/N0 as EN 302 307-1, table 13 prints them; the same 28 pairs stand in the appendices on
 * Eb/N0 of Comtech's modem manuals (efficiency) and in several public link calculators (both).
 */
const table13: Readonly<Record<string, readonly [efficiency: number, esN0: number]>> = {
  "QPSK 1/4": [0.490243, -2.35],
  "QPSK 1/3": [0.656448, -1.24],
  "QPSK 2/5": [0.789412, -0.3],
  "QPSK 1/2": [0.988858, 1.0],
  "QPSK 3/5": [1.188304, 2.23],
  "QPSK 2/3": [1.322253, 3.1],
  "QPSK 3/4": [1.487473, 4.03],
  "QPSK 4/5": [1.587196, 4.68],
  "QPSK 5/6": [1.654663, 5.18],
  "QPSK 8/9": [1.766451, 6.2],
  "QPSK 9/10": [1.788612, 6.42],
  "8PSK 3/5": [1.779991, 5.5],
  "8PSK 2/3": [1.980636, 6.62],
  "8PSK 3/4": [2.228124, 7.91],
  "8PSK 5/6": [2.478562, 9.35],
  "8PSK 8/9": [2.646012, 10.69],
  "8PSK 9/10": [2.679207, 10.98],
  "16APSK 2/3": [2.637201, 8.97],
  "16APSK 3/4": [2.966728, 10.21],
  "16APSK 4/5": [3.165623, 11.03],
  "16APSK 5/6": [3.300184, 11.61],
  "16APSK 8/9": [3.523143, 12.89],
  "16APSK 9/10": [3.567342, 13.13],
  "32APSK 3/4": [3.703295, 12.73],
  "32APSK 4/5": [3.951571, 13.64],
  "32APSK 5/6": [4.11954, 14.28],
  "32APSK 8/9": [4.397854, 15.69],
  "32APSK 9/10": [4.453027, 16.05],
};

describe("the MODCODs of DVB-S2", () => {
  it("are the 28 of the standard, with its thresholds", () => {
    expect(dvbS2Modcods.map(({ name, idealEsN0 }) => [name, idealEsN0])).toEqual(
      Object.entries(table13).map(([name, [, esN0]]) => [name, esN0]),
    );
  });

  it("have the efficiency that follows from frame, header and outer code, to its six digits", () => {
    for (const modcod of dvbS2Modcods) {
      expect(spectralEfficiency(modcod, false), modcod.name).toBeCloseTo(table13[modcod.name]![0], 6);
    }
  });

  it("pay for pilots with 36 symbols every 16 slots: frames of 33,282, 22,194, 16,686 and 13,338 symbols", () => {
    const symbols = dvbS2Modcods.map((modcod) =>
      Math.round((modcod.informationBits - 80) / spectralEfficiency(modcod, true)),
    );
    expect([...new Set(symbols)]).toEqual([33_282, 22_194, 16_686, 13_338]);
  });

  it("keep a distance to Shannon's limit that only grows with the code rate, 1 to 3.8 dB", () => {
    // A mistyped threshold, as the 12.73 of a public simulator that became two numbers, breaks the row.
    for (const modulation of modulations) {
      const gaps = dvbS2Modcods
        .filter((modcod) => modcod.modulation === modulation && modcod.informationBits > 32_000)
        .map((modcod) => modcod.idealEsN0 - 10 * Math.log10(2 ** spectralEfficiency(modcod, false) - 1));
      expect(gaps, modulation).toEqual(gaps.toSorted((a, b) => a - b));
      expect(gaps[0]).toBeGreaterThan(1);
      expect(gaps.at(-1)).toBeLessThan(3.8);
    }
  });

  it("form a ladder on which every step up wants more and gives more", () => {
    for (const pilots of [true, false]) {
      const ladder = modcodLadder(modulations, pilots);
      for (const [i, rung] of ladder.slice(1).entries()) {
        expect(rung.esN0).toBeGreaterThan(ladder[i]!.esN0);
        expect(rung.efficiency).toBeGreaterThan(ladder[i]!.efficiency);
      }
      const names = ladder.map(({ name }) => name);
      expect(names).toHaveLength(22);
      for (const beaten of ["QPSK 8/9", "8PSK 5/6", "8PSK 8/9", "8PSK 9/10", "16APSK 8/9", "16APSK 9/10"]) {
        expect(names).not.toContain(beaten);
      }
    }
    expect(modcodLadder(["QPSK"], true)).toHaveLength(11);
  });

  it("go down at once, and up only with hysteresis to spare", () => {
    const ladder = modcodLadder(["QPSK"], false);
    const walk = (...signals: readonly number[]): (string | undefined)[] => {
      let rung = -1;
      return signals.map((signal) => ladder[(rung = nextRung(ladder, rung, signal, 0.5))]?.name);
    };
    expect(walk(-3, -2.3, -1.85, -2.34, -2.36, -2.3)).toEqual([
      undefined,
      undefined,
      "QPSK 1/4",
      "QPSK 1/4",
      undefined,
      undefined,
    ]);
    expect(walk(30, 6.4, 6.9, 6.92)).toEqual(["QPSK 9/10", "QPSK 8/9", "QPSK 8/9", "QPSK 9/10"]);
  });
});

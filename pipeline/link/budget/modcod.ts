import { decibels, type Decibels } from "../../units.ts";

/** Modulations of DVB-S2 (EN 302 307-1), from few bits a symbol to many. */
export const modulations = ["QPSK", "8PSK", "16APSK", "32APSK"] as const;
/** One of `modulations`. */
export type Modulation = (typeof modulations)[number];

const bitsPerSymbol: Readonly<Record<Modulation, number>> = { QPSK: 2, "8PSK": 3, "16APSK": 4, "32APSK": 5 };

/** A modulation and a code rate of DVB-S2, normal frames of 64,800 bits. */
export interface Modcod {
  readonly name: string;
  readonly modulation: Modulation;
  /** K_bch: bits of a frame in front of the outer code (EN 302 307-1, table 5a). */
  readonly informationBits: number;
  /**
   * Es/N0 at quasi-error-free reception, 10⁻⁷ of the frames lost: white noise, ideal demodulator, 50 iterations of the
   * decoder, no pilots (EN 302 307-1, table 13).
   */
  readonly idealEsN0: Decibels;
}

const modcod = (modulation: Modulation, rate: string, informationBits: number, esN0: number): Modcod => ({
  name: `${modulation} ${rate}`,
  modulation,
  informationBits,
  idealEsN0: decibels(esN0),
});

/** The 28 of EN 302 307-1, in its order. */
export const dvbS2Modcods: readonly Modcod[] = [
  modcod("QPSK", "1/4", 16_008, -2.35),
  modcod("QPSK", "1/3", 21_408, -1.24),
  modcod("QPSK", "2/5", 25_728, -0.3),
  modcod("QPSK", "1/2", 32_208, 1),
  modcod("QPSK", "3/5", 38_688, 2.23),
  modcod("QPSK", "2/3", 43_040, 3.1),
  modcod("QPSK", "3/4", 48_408, 4.03),
  modcod("QPSK", "4/5", 51_648, 4.68),
  modcod("QPSK", "5/6", 53_840, 5.18),
  modcod("QPSK", "8/9", 57_472, 6.2),
  modcod("QPSK", "9/10", 58_192, 6.42),
  modcod("8PSK", "3/5", 38_688, 5.5),
  modcod("8PSK", "2/3", 43_040, 6.62),
  modcod("8PSK", "3/4", 48_408, 7.91),
  modcod("8PSK", "5/6", 53_840, 9.35),
  modcod("8PSK", "8/9", 57_472, 10.69),
  modcod("8PSK", "9/10", 58_192, 10.98),
  modcod("16APSK", "2/3", 43_040, 8.97),
  modcod("16APSK", "3/4", 48_408, 10.21),
  modcod("16APSK", "4/5", 51_648, 11.03),
  modcod("16APSK", "5/6", 53_840, 11.61),
  modcod("16APSK", "8/9", 57_472, 12.89),
  modcod("16APSK", "9/10", 58_192, 13.13),
  modcod("32APSK", "3/4", 48_408, 12.73),
  modcod("32APSK", "4/5", 51_648, 13.64),
  modcod("32APSK", "5/6", 53_840, 14.28),
  modcod("32APSK", "8/9", 57_472, 15.69),
  modcod("32APSK", "9/10", 58_192, 16.05),
];

const frameBits = 64_800;
const baseBandHeaderBits = 80;
const slotSymbols = 90;
const pilotBlockSymbols = 36;
/** Slots between two blocks of pilots. */
const pilotSpacing = 16;

/**
 * User bits for each symbol sent (EN 302 307-1 §5.1, §5.5): a frame's information without the base-band header, over its
 * slots, the header of one slot in front, and pilots where they are on.
 */
export const spectralEfficiency = ({ modulation, informationBits }: Modcod, pilots: boolean): number => {
  const slots = frameBits / bitsPerSymbol[modulation] / slotSymbols;
  const pilotSymbols = pilots ? Math.floor((slots - 1) / pilotSpacing) * pilotBlockSymbols : 0;
  return (informationBits - baseBandHeaderBits) / (slotSymbols * (slots + 1) + pilotSymbols);
};

/** A step of a ladder: what it needs and what it gives. */
export interface Rung {
  readonly name: string;
  readonly esN0: Decibels;
  /** User bits for each symbol. */
  readonly efficiency: number;
}

/**
 * The MODCODs worth using, from the weakest signal to the strongest: those that need more signal than another of at
 * least the same efficiency are left out (8PSK 3/5 beats QPSK 8/9, 16APSK 3/4 beats 8PSK 8/9).
 */
export const modcodLadder = (allowed: readonly Modulation[], pilots: boolean): readonly Rung[] => {
  const rungs: Rung[] = [];
  const candidates = dvbS2Modcods
    .filter(({ modulation }) => allowed.includes(modulation))
    .map((one): Rung => ({
      name: one.name,
      esN0: one.idealEsN0,
      efficiency: spectralEfficiency(one, pilots),
    }))
    .toSorted((a, b) => a.esN0 - b.esN0 || b.efficiency - a.efficiency);
  for (const rung of candidates) {
    if (rung.efficiency > (rungs.at(-1)?.efficiency ?? 0)) rungs.push(rung);
  }
  return rungs;
};

/**
 * The rung in force when the signal stands at `esN0` and the one before was `before` (−1: none, nothing is sent). Down as
 * soon as the signal no longer carries the rung; up, from silence too, only with `hysteresis` to spare.
 */
export const nextRung = (
  ladder: readonly Rung[],
  before: number,
  esN0: number,
  hysteresis: number,
): number => {
  let rung = before;
  while (rung >= 0 && esN0 < (ladder[rung] as Rung).esN0) rung--;
  while (rung + 1 < ladder.length && esN0 >= (ladder[rung + 1] as Rung).esN0 + hysteresis) rung++;
  return rung;
};

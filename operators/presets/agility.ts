import type { Agility } from "../../pipeline/orbit/slew.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { assumed, valuesOf, type Sheet } from "./figure.ts";

/**
 * How fast spacecraft turn. Nobody publishes it of the satellites that have presets, so these are classes of bodies, by what turns them. They stand beside the presets
 * and not in them: only a mission with looks rests on them.
 */
export interface AgilityClass {
  readonly title: string;
  /** Presets of this class, by name. */
  readonly spacecraft: readonly string[];
  readonly sheet: Sheet<Agility>;
}

const lock = "until star trackers hold again and the wheels are quiet; 5 … 15 s are usual";

const cubesat: AgilityClass = {
  title: "A cubesat on small reaction wheels",
  spacecraft: ["cubesat-6u", "oec", "dove", "super-dove"],
  sheet: {
    rate: assumed(1, "deg/s", "no figure found; star trackers of this size lose the sky at 1 … 2 °/s"),
    acceleration: assumed(0.1, "deg/s²", "wheels of some millinewton metres on a body of 0.1 … 0.5 kg m²"),
    settling: assumed(8, "s", lock),
    power: assumed(4, "W", "three small wheels that speed up, besides what holds them"),
  },
};

const small: AgilityClass = {
  title: "A satellite of 50 … 500 kg on reaction wheels",
  spacecraft: ["jilin-1", "jilin-1-kuanfu", "jilin-1-gaofen-03"],
  sheet: {
    rate: assumed(1.5, "deg/s", "no figure found; agile small imagers are stated at 1 … 3 °/s"),
    acceleration: assumed(0.2, "deg/s²", "wheels of 0.2 … 1 N m on a body of 50 … 200 kg m²"),
    settling: assumed(6, "s", lock),
    power: assumed(60, "W", "four wheels of this size that speed up, besides what holds them"),
  },
};

const large: AgilityClass = {
  title: "A satellite of a tonne and more on reaction wheels",
  spacecraft: ["sentinel-2", "landsat-9"],
  sheet: {
    rate: assumed(
      0.3,
      "deg/s",
      "no figure found; satellites that map the ground below turn seldom and slowly",
    ),
    acceleration: assumed(0.01, "deg/s²", "wheels of 0.2 N m on a body of 1,000 kg m²"),
    settling: assumed(20, "s", "wings that swing and die down"),
    power: assumed(120, "W", "four large wheels that speed up, besides what holds them"),
  },
};

/** All classes; the one that stands for the rest is `small`. */
export const agilityClasses: readonly AgilityClass[] = [cubesat, small, large];

/** How fast a spacecraft turns, and what of it is assumed. */
export interface KnownAgility {
  readonly agility: Agility;
  /** In a few words; `null` where the spacecraft says it itself. */
  readonly assumed: string | null;
}

/** The agility of a spacecraft: its own figures, or those of its class; one without a class is taken for a small satellite. */
export const agilityOf = ({ name, agility }: Pick<Spacecraft, "name" | "agility">): KnownAgility => {
  if (agility !== undefined) return { agility, assumed: null };
  const own = agilityClasses.find(({ spacecraft }) => spacecraft.includes(name)) ?? small;
  const values = valuesOf(own.sheet) as Agility;
  const { rate, acceleration, settling } = values;
  return {
    agility: values,
    assumed: `a body that turns at ${rate} °/s, speeds up at ${acceleration} °/s² and settles in ${settling} s`,
  };
};

import type {
  CrosslinkTerminals,
  PowerSystem,
  Radio,
  Spacecraft,
  ThermalModel,
} from "../../pipeline/mission/spacecraft.ts";
import type { Joules, SquareMetres } from "../../pipeline/units.ts";
import { assumed, type Sheet } from "./figure.ts";

type Camera = Required<Sheet<Spacecraft["camera"]>>;

/** Parts that no source states for any of these satellites, put together from the practice of small ones. */

/** Watt-hours, as data sheets give them, in joules. */
export const wattHours = (count: number): number => count * 3600;

/** A lithium-ion battery of that capacity, as careful operators run one. */
export const lithiumIon = (capacity: Sheet<Joules>): Sheet<PowerSystem["battery"]> => ({
  capacity,
  chargeEfficiency: assumed(0.95, "", "lithium ion with its regulator; 0.9 … 0.98 are usual"),
  dischargeEfficiency: assumed(0.95, "", "lithium ion with its regulator; 0.9 … 0.98 are usual"),
  floor: assumed(
    0.6,
    "",
    "40 % depth of discharge in low orbit keeps a battery for years (SMAD, 3rd ed., §11.4)",
  ),
  initial: assumed(0.95, "", "starts near full, as a satellite in routine has it"),
});

const node = "body";
const coating = "cells, bare metal and painted radiators taken together; keeps an idle body near 0 °C";

/** One lump: mass at 900 J/(kg K), near aluminium; limits of industrial electronics at the computer's case. */
export const oneLump = (kilograms: number, area: Sheet<SquareMetres>): Sheet<ThermalModel> => ({
  nodes: [
    {
      name: node,
      heatCapacity: assumed(kilograms * 900, "J/K", `${kilograms} kg at 900 J/(kg K), near aluminium`),
      area,
      absorptivity: assumed(0.7, "", coating),
      emissivity: assumed(0.75, "", coating),
      initial: assumed(285, "K", "12 °C"),
      busShare: assumed(1, "", "one lump"),
      computerShare: assumed(1, "", "one lump"),
    },
  ],
  conductors: [],
  computerNode: node,
  throttleFrom: assumed(318, "K", "45 °C at the body, some 25 K under the chip"),
  stopAt: assumed(333, "K", "60 °C at the body, some 25 K under the chip"),
});

/** A computer on a liquid loop with a radiator of its own; the body's warmth is left out. */
export const cooledByRadiator = (
  kilowatts: number,
  radiator: Sheet<SquareMetres>,
  absorptivity: Sheet<number>,
): Sheet<ThermalModel> => ({
  nodes: [
    {
      name: "computer",
      heatCapacity: assumed(
        kilowatts * 20_000,
        "J/K",
        "20 kg of boards and coolant for each kilowatt, 1000 J/(kg K)",
      ),
      area: assumed(0, "m²", "inside"),
      absorptivity: assumed(0, "", "inside"),
      emissivity: assumed(0, "", "inside"),
      initial: assumed(300, "K", "27 °C"),
      busShare: assumed(0, "", "the bus has the radiator's side"),
      computerShare: assumed(1, "", "all of it passes here"),
    },
    {
      name: "radiator",
      heatCapacity: assumed(
        kilowatts * 10_000,
        "J/K",
        "10 kg of panel and coolant for each kilowatt, 1000 J/(kg K)",
      ),
      area: radiator,
      absorptivity,
      emissivity: assumed(0.9, "", "white paint or optical solar reflectors"),
      initial: assumed(290, "K", "17 °C"),
      busShare: assumed(1, "", "the bus is cooled by the same panels"),
      computerShare: assumed(0, "", "reaches it through the loop"),
    },
  ],
  conductors: [
    {
      a: "computer",
      b: "radiator",
      conductance: assumed(kilowatts * 100, "W/K", "the loop takes full power at a difference of 10 K"),
    },
  ],
  computerNode: "computer",
  throttleFrom: assumed(343, "K", "70 °C at the cold plate"),
  stopAt: assumed(358, "K", "85 °C at the cold plate"),
});

/** What commands go up through, where nobody says. */
export const commonUplink: Sheet<NonNullable<Radio["uplink"]>> = assumed(
  256_000,
  "bit/s",
  "no figure found; S band of small satellites: 250 kbit/s of Dove, 1 Mbit/s of BUPT-1",
);

/** Lock of carrier, symbols and frames at the start of a contact, where nobody says. */
export const commonAcquisition: Sheet<NonNullable<Radio["acquisition"]>> = assumed(
  10,
  "s",
  "no figure found; a receiver sweeps the Doppler shift and finds frames within seconds",
);

/** Nobody publishes how many minutes an orbit these cameras run. */
const commonDuty = assumed(0.1, "", "no figure found; some ten minutes an orbit");

/** A camera that needs the Sun, with what the overflight rule must know of it. */
export const daylightCamera = (
  energyPerMegasample: Camera["energyPerMegasample"],
  swath: Camera["swath"],
  offNadir: Camera["offNadir"],
  duty: Camera["duty"] = commonDuty,
): Camera => ({
  energyPerMegasample,
  swath,
  offNadir,
  duty,
  light: assumed("day", "", "it images sunlight"),
});

/** An imager that nobody said anything of. */
export const hostedCamera = (energyPerMegasample: Camera["energyPerMegasample"]): Camera =>
  daylightCamera(
    energyPerMegasample,
    assumed(20_000, "m", "no figure found; between SkySat's 6 km and SuperDove's 32 km"),
    assumed(
      30,
      "deg",
      "no figure found; small satellites turn their body, to ±30 … 35° as Gaofen-1 and SPOT 6",
    ),
  );

/** Optical terminals as small satellites carry them, but for their rate and number. */
export const opticalTerminals = (
  terminals: Sheet<number>,
  rate: Sheet<CrosslinkTerminals["rate"]>,
  pointingTime: Sheet<CrosslinkTerminals["pointingTime"]> = assumed(
    15,
    "s",
    "slew and acquisition, as reported of the terminals of Three-Body; others say seconds",
  ),
): Sheet<CrosslinkTerminals> => ({
  terminals,
  rate,
  maxRange: assumed(5_000_000, "m", "flying terminals of this class state 4,500 … 6,500 km"),
  clearance: assumed(100_000, "m", "above the air that bends and dims the beam"),
  pointingTime,
  lockShare: assumed(
    0.93,
    "",
    "over 93 % of tries between AIRSAT-02 and the ground locked (CAS AIR, 30 January 2026); taken for space as well",
  ),
  power: assumed(80, "W", "terminals of this class state 60 … 100 W"),
});

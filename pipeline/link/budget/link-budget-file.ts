import {
  bitsPerSecond,
  decibels,
  decibelsPerKelvin,
  degrees,
  gramsPerCubicMetre,
  hertz,
  kelvin,
  metres,
  millimetresPerHour,
  watts,
  type Hertz,
} from "../../units.ts";
import type { Atmosphere } from "./atmosphere.ts";
import { gOverTOf, type Coding, type LinkBudget } from "./link-budget.ts";
import { FieldReader } from "./field-reader.ts";
import { modulations } from "./modcod.ts";

/** Whole hertz: 8.2 GHz is 8,200,000,000 Hz, not the double beside it. */
const wholeHertz = (value: number): Hertz => hertz(Math.round(value));

/** Where the power is stated as EIRP alone, an isotropic antenna without losses radiates it. */
const readTransmitter = (fields: FieldReader): LinkBudget["transmitter"] => {
  const eirp = fields.optionalNumber("eirp_dbw", -90, 120);
  if (eirp !== null) {
    fields.mayNotStand("eirp_dbw", ["transmit_power_w", "transmit_gain_dbi", "transmit_losses_db"]);
    return { power: watts(10 ** (eirp / 10)), gain: decibels(0), losses: decibels(0) };
  }
  return {
    power: watts(fields.number("transmit_power_w", 1e-6, 1e5)),
    gain: decibels(fields.number("transmit_gain_dbi", -30, 80)),
    losses: decibels(fields.number("transmit_losses_db", 0, 100, 0)),
  };
};

const readReceiver = (fields: FieldReader): LinkBudget["receiver"] => {
  const ratio = fields.optionalNumber("g_over_t_db_per_k", -40, 70);
  if (ratio !== null) {
    fields.mayNotStand("g_over_t_db_per_k", ["receive_gain_dbi"]);
    const noise = fields.optionalNumber("noise_temperature_k", 3, 10_000);
    return { gOverT: decibelsPerKelvin(ratio), noiseTemperature: noise === null ? null : kelvin(noise) };
  }
  const gain = decibels(fields.number("receive_gain_dbi", -30, 90));
  const noiseTemperature = kelvin(fields.number("noise_temperature_k", 3, 10_000));
  return { gOverT: gOverTOf(gain, noiseTemperature), noiseTemperature };
};

const readCoding = (fields: FieldReader): Coding => {
  const kind = fields.oneOf("coding", ["dvb-s2", "shannon"], "dvb-s2");
  if (kind === "shannon") {
    return { kind, bandwidth: wholeHertz(1e6 * fields.number("bandwidth_mhz", 1e-4, 10_000)) };
  }
  const rollOff = fields.number("roll_off", 0.05, 0.35, 0.2);
  const symbolRate = fields.optionalNumber("symbol_rate_msps", 1e-4, 10_000);
  if (symbolRate !== null) fields.mayNotStand("symbol_rate_msps", ["bandwidth_mhz"]);
  const million = symbolRate ?? fields.number("bandwidth_mhz", 1e-4, 10_000) / (1 + rollOff);
  return {
    kind,
    symbolRate: wholeHertz(1e6 * million),
    rollOff,
    pilots: fields.flag("pilots", true),
    modulations: fields.someOf("modulations", modulations),
    hysteresis: decibels(fields.number("hysteresis_db", 0, 10, 0.5)),
  };
};

/** Water vapour at sea level of the mean annual global reference atmosphere (ITU-R P.835-6), g/m³. */
const referenceVapour = 7.5;

const readAtmosphere = (fields: FieldReader): Atmosphere => {
  const gases = fields.flag("gases", true);
  const vapour = gramsPerCubicMetre(fields.number("surface_vapour_g_m3", 0, 60, referenceVapour));
  const rain = fields.mapping("rain");
  const atmosphere: Atmosphere = {
    gases: gases ? { surfaceVapour: vapour } : null,
    rain:
      rain === null
        ? null
        : {
            rate: millimetresPerHour(rain.number("rate_mm_h", 0, 300)),
            rainHeight: metres(1000 * rain.number("rain_height_km", 0, 10)),
            exceeded: rain.number("exceeded_percent", 0.001, 5, 0.1),
            tilt: degrees(rain.number("polarisation_tilt_deg", 0, 90, 45)),
          },
  };
  rain?.finish();
  return atmosphere;
};

/**
 * Reads a link budget from a mapping with units in the names of its fields; docs/link.md lists them with their ranges.
 *
 * @param source what messages call the mapping: its file name
 * @throws SwathError("config") for a field that is unknown, missing, out of range or in conflict, naming it and the range
 */
export const readLinkBudget = (value: unknown, source: string): LinkBudget => {
  const fields = new FieldReader(value, source);
  const maxRate = fields.optionalNumber("max_rate_mbps", 1e-6, 1e6);
  const budget: LinkBudget = {
    // The rain method holds up to 55 GHz; a carrier of a downlink lies below.
    frequency: wholeHertz(1e9 * fields.number("frequency_ghz", 1, 55)),
    transmitter: readTransmitter(fields),
    receiver: readReceiver(fields),
    losses: decibels(fields.number("losses_db", 0, 100, 0)),
    atmosphere: readAtmosphere(fields),
    coding: readCoding(fields),
    implementationMargin: decibels(fields.number("implementation_margin_db", 0, 20, 1)),
    linkMargin: decibels(fields.number("link_margin_db", 0, 40, 2)),
    maxRate: maxRate === null ? null : bitsPerSecond(maxRate * 1e6),
  };
  fields.finish();
  return budget;
};

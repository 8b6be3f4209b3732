import { bitsPerSecond, decibels, metres, radians, watts } from "../../units.ts";
import { FieldReader } from "./field-reader.ts";
import type { OpticalLink } from "./optical-link.ts";

const readReference = (fields: FieldReader, rate: number): OpticalLink => ({
  kind: "reference",
  rate: bitsPerSecond(rate * 1e6),
  range: metres(1000 * fields.number("reference_range_km", 1, 1e6)),
  maxRate: bitsPerSecond(1e6 * fields.number("max_rate_mbps", 1e-3, 1e9, rate)),
});

const readTelescopes = (fields: FieldReader): OpticalLink => {
  const divergence = fields.optionalNumber("divergence_urad", 0.1, 1e5);
  return {
    kind: "telescopes",
    wavelength: metres(fields.number("wavelength_nm", 400, 11_000) / 1e9),
    power: watts(fields.number("power_w", 1e-6, 1000)),
    transmitAperture: metres(fields.number("transmit_aperture_m", 0.001, 10)),
    receiveAperture: metres(fields.number("receive_aperture_m", 0.001, 40)),
    divergence: divergence === null ? null : radians(divergence / 1e6),
    transmitEfficiency: fields.number("transmit_efficiency", 0.001, 1),
    receiveEfficiency: fields.number("receive_efficiency", 0.001, 1),
    losses: decibels(fields.number("losses_db", 0, 100)),
    photonsPerBit: fields.number("photons_per_bit", 0.1, 1e6),
    maxRate: bitsPerSecond(1e6 * fields.number("max_rate_mbps", 1e-3, 1e9)),
  };
};

/**
 * Reads an optical link from a mapping with units in the names of its fields; docs/link.md lists them.
 *
 * @param source what messages call the mapping: its file name
 * @throws SwathError("config") for a field that is unknown, missing or out of range, naming it and the range
 */
export const readOpticalLink = (value: unknown, source: string): OpticalLink => {
  const fields = new FieldReader(value, source);
  const reference = fields.optionalNumber("reference_rate_mbps", 1e-3, 1e9);
  const link = reference === null ? readTelescopes(fields) : readReference(fields, reference);
  fields.finish();
  return link;
};

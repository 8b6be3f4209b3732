import { ephemerisOf, stateInto } from "../pipeline/orbit/ephemeris.ts";
import type { Contact } from "../pipeline/orbit/contact.ts";
import { formatInstant } from "../pipeline/units.ts";
import type { Planned } from "./plan.ts";

/** A point this often; between them viewers interpolate by Lagrange polynomials of degree five, to some metres in low orbit. */
const step = 60;

/**
 * A plan as CZML (Cesium Language): satellites with Earth-fixed positions in metres, stations, targets, and a line from satellite to
 * station while there is contact. Throws `SwathError("orbit")` when a satellite cannot be propagated.
 */
export const planToCzml = ({ plan, satellites, stations, targets }: Planned): string => {
  const { from, to, contacts } = plan;
  const interval = `${formatInstant(from)}/${formatInstant(to)}`;
  const orbits = satellites.map((satellite) => {
    const ephemeris = ephemerisOf(satellite, from, to);
    const state = new Float64Array(6);
    const cartesian: number[] = [];
    for (let t = 0; ; t += step) {
      const at = Math.min(t, to - from);
      stateInto(ephemeris, at, state);
      cartesian.push(at, ...Array.from(state.subarray(0, 3), (value) => Math.round(value * 10) / 10));
      if (at >= to - from) break;
    }
    return {
      id: `satellite/${satellite.id}`,
      name: satellite.name,
      availability: interval,
      position: {
        epoch: formatInstant(from),
        referenceFrame: "FIXED",
        interpolationAlgorithm: "LAGRANGE",
        interpolationDegree: 5,
        cartesian,
      },
      point: { pixelSize: 6, color: { rgba: [13, 122, 112, 255] } },
      path: {
        leadTime: 600,
        trailTime: 600,
        width: 1,
        material: { solidColor: { color: { rgba: [141, 153, 164, 255] } } },
      },
    };
  });
  const sites = stations.map(({ id, name, longitude, latitude, altitude }) => ({
    id: `station/${id}`,
    name,
    position: { cartographicDegrees: [longitude, latitude, altitude] },
    point: { pixelSize: 7, color: { rgba: [20, 32, 43, 255] } },
    label: {
      text: name,
      font: "12px sans-serif",
      pixelOffset: { cartesian2: [10, 0] },
      horizontalOrigin: "LEFT",
    },
  }));
  const seen = (targets?.seen ?? []).map(({ scene, place, satellite, at }) => ({
    id: `target/${scene}`,
    name: scene,
    description: `seen by ${satellite} at ${formatInstant(at)}`,
    position: { cartographicDegrees: [place.longitude, place.latitude, 0] },
    point: { pixelSize: 7, color: { rgba: [13, 122, 112, 255] } },
  }));
  const pairs = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const pair = `${contact.satellite}/${contact.station}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), contact]);
  }
  const links = [...pairs].map(([pair, own]) => {
    const [satellite, station] = pair.split("/");
    return {
      id: `contact/${pair}`,
      name: `${satellite} – ${station}`,
      polyline: {
        show: [
          { interval, boolean: false },
          ...own.map(({ aos, los }) => ({
            interval: `${formatInstant(aos)}/${formatInstant(los)}`,
            boolean: true,
          })),
        ],
        width: 1.5,
        arcType: "NONE",
        material: { solidColor: { color: { rgba: [13, 122, 112, 255] } } },
        positions: { references: [`satellite/${satellite}#position`, `station/${station}#position`] },
      },
    };
  });
  const document = {
    id: "document",
    name: "contact plan",
    version: "1.0",
    clock: { interval, currentTime: formatInstant(from), multiplier: 60 },
  };
  return `${JSON.stringify([document, ...sites, ...seen, ...orbits, ...links])}\n`;
};

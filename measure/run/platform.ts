import { sharedWorkOf } from "../shared-work.ts";
import type { PolicyRun } from "./policy-run.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { sumOf } from "../statistics.ts";
import type { PolicySummary } from "../summary/run-summary.ts";
import type { Seconds } from "../../pipeline/units.ts";

type Platform = PolicySummary["platform"];

/** What power and heat did to all satellites together; `null` where neither is modelled. */
export const platformOf = (satellites: readonly SatelliteLedger[], horizon: Seconds): Platform => {
  const bodies = satellites.flatMap(({ body }) => body ?? []);
  if (bodies.length === 0) return null;
  const powers = bodies.flatMap(({ power }) => power ?? []);
  const hottest = bodies.flatMap(({ heat }) => heat?.max ?? []);
  const waits = bodies.flatMap((body) => body.waits);
  const waited = (reason: string): number =>
    sumOf(waits, (wait) => (wait.reason === reason ? wait.to - wait.from : 0));
  return {
    power:
      powers.length === 0
        ? null
        : {
            generated: sumOf(powers, (power) => power.generated),
            demanded: sumOf(powers, (power) => power.demanded),
            unmet: sumOf(powers, (power) => power.unmet),
            lost: sumOf(powers, (power) => power.lost),
            shed: sumOf(powers, (power) => power.shed),
            storedChange: sumOf(powers, (power) => power.finalStored - power.initialStored),
            lowestCharge: Math.min(...powers.map((power) => power.minCharge)),
          },
    highestTemperatureKelvin: hottest.length === 0 ? null : Math.max(...hottest),
    eclipseFraction: Math.min(1, sumOf(bodies, ({ eclipse }) => eclipse) / (bodies.length * horizon)),
    loads: {
      base: sumOf(bodies, ({ loads }) => loads.base),
      contact: sumOf(bodies, ({ loads }) => loads.contact),
      camera: sumOf(bodies, ({ loads }) => loads.camera),
      compute: sumOf(bodies, ({ loads }) => loads.compute),
      transmit: sumOf(bodies, ({ loads }) => loads.transmit),
      crosslink: sumOf(bodies, ({ loads }) => loads.crosslink),
      ...(bodies.some(({ loads }) => loads.slew !== undefined)
        ? { slew: sumOf(bodies, ({ loads }) => loads.slew ?? 0) }
        : {}),
    },
    waits: {
      battery: waited("battery"),
      heat: waited("heat"),
      throttled: sumOf(bodies, ({ throttled }) => throttled),
      count: waits.length,
    },
  };
};

/** What went between satellites; `null` where there are no crosslinks. */
export const crosslinksOf = ({
  satellites,
  plan: { mesh, spacecraft },
}: Pick<PolicyRun, "satellites" | "plan">): PolicySummary["crosslinks"] => {
  const uses = satellites.flatMap(({ crosslinks }) => crosslinks ?? []);
  if (uses.length === 0) return null;
  const carried = satellites.flatMap(({ products }) =>
    products.filter(({ origin, fate }) => origin !== null && fate === "delivered"),
  );
  const shared = sharedWorkOf(satellites, spacecraft.computer);
  const rule = mesh?.offload;
  return {
    handedOver: sumOf(uses, (use) => use.handedOver),
    bytes: sumOf(uses, (use) => use.bytes),
    transmitSeconds: sumOf(uses, (use) => use.transmitSeconds),
    terminalSeconds: sumOf(uses, (use) => use.terminalSeconds),
    energyJoules: sumOf(uses, (use) => use.energy),
    toGround: null,
    carried: carried.length,
    ...(shared === null || rule === undefined ? {} : { offload: { rule, ...shared, flown: null } }),
  };
};

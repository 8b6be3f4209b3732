import { performance } from "node:perf_hooks";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { seeded } from "../../pipeline/seeded.ts";
import {
  bytes,
  degrees,
  degreesPerSecond,
  degreesPerSecondSquared,
  later,
  metres,
  seconds,
  watts,
} from "../../pipeline/units.ts";
import { walkerEpoch } from "../../planning/orbits/walker.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { boxArea } from "../../planning/looks/look-area.ts";
import { opportunitiesOf } from "../../planning/looks/opportunity.ts";
import { planLooks } from "../../planning/looks/look-plan.ts";

const from = walkerEpoch;
const to = later(from, seconds(86400));
const sats = await resolveConstellation(
  "walker:12/3/1@550km,97.6deg",
  () => Promise.reject(new Error("no file")),
  { epoch: from },
);
const camera = { halfSwath: metres(10000), offNadir: degrees(30), sunAbove: degrees(10) };
const agility = {
  rate: degreesPerSecond(1),
  acceleration: degreesPerSecondSquared(0.2),
  settling: seconds(5),
  power: watts(5),
};
const random = seeded(1, "looks");
const areas = Array.from({ length: 200 }, () => {
  const lat = ((Math.asin(2 * random.uniform() - 1) * 180) / Math.PI) * 0.8,
    lon = random.uniform() * 360 - 180;
  const r = boxArea([lon, lat - 0.05, lon + 0.1 > 180 ? lon + 0.1 - 360 : lon + 0.1, lat + 0.05] as any);
  if (!("area" in r)) throw new Error(JSON.stringify(r));
  return r.area;
});
for (let run = 0; run < 12; run++) {
  const t0 = performance.now();
  const eph = sats.map((s) => ({ satellite: s.id, ephemeris: ephemerisOf(s, from, to) }));
  const t1 = performance.now();
  const requests = areas.map((area, n) => ({
    id: `o${n}`,
    area,
    value: 1 + (n % 5),
    deadline: to,
    landBy: null,
    bytes: bytes(1e6),
    opportunities: eph.flatMap((o) => opportunitiesOf(o, { area, camera, maxOffNadir: null, from, to })),
  }));
  const t2 = performance.now();
  const plan = planLooks(
    requests,
    eph.map((e) => ({
      ...e,
      camera,
      agility,
      duty: { seconds: seconds(600), period: seconds(5700) },
      store: { capacity: bytes(64e9), level: bytes(0) },
      drains: [],
      taken: [],
    })),
  );
  const t3 = performance.now();
  console.log(
    (t1 - t0).toFixed(1),
    (t2 - t1).toFixed(1),
    (t3 - t2).toFixed(1),
    requests.reduce((s, r) => s + r.opportunities.length, 0),
    plan.looks.length,
    plan.unplanned.length,
    plan.unplanned.filter((u) => u.why !== "none").length,
  );
}

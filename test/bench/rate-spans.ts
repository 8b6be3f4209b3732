/**
 * What it costs to turn a contact into stretches of constant rate.
 *
 *   node dist/test/bench/rate-spans.js
 *
 * One full pass of about ten minutes, again and again; contacts and rates are fresh values, so nothing is remembered between
 * them but what a run remembers too. A planner of 2,800 satellites asks for some 50,000 contacts a day.
 */
import { readLinkBudget } from "../../pipeline/link/budget/link-budget-file.ts";
import { oecLink } from "../../pipeline/link/budget/oec-link.ts";
import { rateAtStations, rateSpans, type LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { planContacts } from "../../planning/contacts/contact-plan.ts";
import { parseWalker } from "../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../planning/orbits/walker.ts";
import { bitsPerSecond, degrees, later, metres, seconds } from "../../pipeline/units.ts";
import { builtinStations } from "../../planning/contacts/station-networks.ts";

const radio = {
  frequency_ghz: 8.2,
  transmit_power_w: 2,
  transmit_gain_dbi: 5,
  g_over_t_db_per_k: 24,
  noise_temperature_k: 140,
  symbol_rate_msps: 60,
};

const rain = { rate_mm_h: 30, rain_height_km: 3 };

const budgetRate = (fields: Readonly<Record<string, unknown>>): LinkRate =>
  rateAtStations(
    { kind: "budget", budget: readLinkBudget({ ...radio, ...fields }, "bench"), sites: {} },
    builtinStations,
  );

const rates: Readonly<Record<string, LinkRate>> = {
  fixed: { kind: "fixed", rate: bitsPerSecond(8e6) },
  "by elevation, 3 steps": {
    kind: "by-elevation",
    steps: [5, 20, 40].map((from) => ({ fromElevation: degrees(from), rate: bitsPerSecond(from * 1e6) })),
  },
  "DVB-S2, vacuum": budgetRate({ gases: false }),
  "DVB-S2, gases": budgetRate({}),
  "DVB-S2, gases and rain": budgetRate({ rain }),
  "Shannon (OEC)": { kind: "budget", budget: oecLink, sites: {} },
  optical: {
    kind: "optical",
    link: { kind: "reference", rate: bitsPerSecond(10e9), range: metres(1e6), maxRate: bitsPerSecond(10e9) },
  },
};

const { contacts } = planContacts({
  radio: {},
  satellites: walkerSatellites(parseWalker("walker:3"), walkerEpoch),
  stations: builtinStations,
  from: walkerEpoch,
  to: later(walkerEpoch, seconds(86_400)),
});

const longest = contacts.reduce((a, b) => (b.los - b.aos > a.los - a.aos ? b : a));

console.log(
  `a pass of ${(longest.los - longest.aos).toFixed(0)} s, up to ${longest.maxElevation.toFixed(0)}°`,
);

const rounds = 200;

const batches = 25;

for (const [name, rate] of Object.entries(rates)) {
  let spans = 0;
  const times = Array.from({ length: batches }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < rounds; i++) spans = rateSpans(longest, rate).length;
    return process.cpuUsage(start).user / rounds;
  });
  // Processor time of the fastest batch: the one that nothing else disturbed.
  console.log(
    `${name.padEnd(24)} ${Math.min(...times)
      .toFixed(1)
      .padStart(7)} µs  ${spans} spans`,
  );
}

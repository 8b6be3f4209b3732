// When satellites talk to stations, as rows: `node examples/contacts.mjs`.
import { instant, planContacts, resolveConstellation, resolveStations } from "swath";
import { readFile } from "node:fs/promises";

const read = (path) => readFile(path, "utf8");
const from = instant(Date.parse("2026-06-01T00:00:00Z") / 1000);
const satellites = await resolveConstellation("three-body", read, { epoch: from });
const stations = await resolveStations("ksat:Svalbard,Troll", read);
// A radio that says nothing takes the stations' own times to lock.
const { contacts } = planContacts({ satellites, stations, radio: {}, from, to: instant(from + 6 * 3600) });

console.log("satellite,station,from,seconds,highest");
for (const { satellite, station, aos, los, maxElevation } of contacts) {
  const start = new Date(aos * 1000).toISOString();
  console.log([satellite, station, start, Math.round(los - aos), maxElevation.toFixed(1)].join());
}

import { findSpacecraftPreset } from "../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../operators/presets/spacecraft-preset.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { instant, later, seconds, type Instant, type Seconds } from "../../pipeline/units.ts";
import { planContacts, requireContacts } from "../../planning/contacts/contact-plan.ts";
import { resolveStations } from "../../planning/contacts/station-list.ts";
import { namedConstellations } from "../../planning/orbits/constellation-presets.ts";
import { resolveConstellation } from "../../planning/orbits/constellation.ts";
import { readText } from "../inputs/text-file.ts";

/** Over how many contacts something came up to a satellite, and how long after the start all of it was there. */
export interface Upload {
  readonly passes: number;
  readonly after: Seconds;
}

/** The same of the median satellite, and of the last. */
export interface FleetUpload {
  readonly median: Upload;
  readonly last: Upload;
}

/** Longest horizon that is planned for an upload, days. */
export const longestUploadDays = 32;

/** Contacts of one satellite, in order, until so many seconds of them are used up; `null`: there are not enough. */
const uploadOver = (contacts: readonly Contact[], time: Seconds, from: Instant): Upload | null => {
  let rest: number = time;
  for (const [index, { lockedAt, los }] of contacts.entries()) {
    if (los - lockedAt >= rest) return { passes: index + 1, after: seconds(lockedAt + rest - from) };
    rest -= los - lockedAt;
  }
  return null;
};

/** Tells over how many passes something comes up that takes so many seconds of locked contact; `null`: not within `longestUploadDays`. */
export interface UploadPasses {
  readonly preset: SpacecraftPreset;
  readonly satellites: number;
  readonly passesOf: (time: Seconds) => FleetUpload | null;
}

/**
 * The contacts of all satellites of a named constellation that antennas have for it from 1 January 2026 on, for uploads: each satellite is
 * sent its own copy. Throws `SwathError("config")` for a constellation or network that is not known.
 */
export const planUploads = async (constellation: string, network: string): Promise<UploadPasses> => {
  const named = namedConstellations.find(({ name }) => name === constellation);
  const preset = named === undefined ? null : findSpacecraftPreset(named.spacecraft);
  if (named === undefined || preset === null)
    throw new SwathError("config", {
      what: `constellation "${constellation.slice(0, 80)}"`,
      wanted: `one of ${namedConstellations.map(({ name }) => name).join(", ")}`,
      field: "constellation",
    });
  const { radio } = spacecraftOf(preset);
  const from = instant(Date.parse("2026-01-01T00:00:00Z") / 1000);
  const satellites = await resolveConstellation(constellation, readText, { epoch: from });
  const stations = await resolveStations(network, readText);
  const planned = new Map<number, readonly Contact[]>();
  const contactsOf = (days: number): readonly Contact[] => {
    const known = planned.get(days);
    if (known !== undefined) return known;
    const to = later(from, seconds(days * 86_400));
    const { contacts } = requireContacts(planContacts({ satellites, stations, radio, from, to }));
    planned.set(days, contacts);
    return contacts;
  };
  const passesOf = (time: Seconds): FleetUpload | null => {
    for (let days = 1; days <= longestUploadDays; days *= 2) {
      const contacts = contactsOf(days);
      const all = satellites.map(({ id }) =>
        uploadOver(
          contacts.filter(({ satellite }) => satellite === id),
          time,
          from,
        ),
      );
      if (all.includes(null)) continue;
      const ends = all.flatMap((one) => one ?? []).toSorted((a, b) => a.after - b.after);
      return { median: ends[Math.ceil(ends.length / 2) - 1] as Upload, last: ends.at(-1) as Upload };
    }
    return null;
  };
  return { preset, satellites: satellites.length, passesOf };
};

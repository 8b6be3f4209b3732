import { formatInstant, instant } from "../pipeline/units.ts";
import { subPoint } from "../pipeline/orbit/propagator.ts";
import type { Planned } from "./plan.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;

/**
 * A plan as KML 2.2 (OGC 12-007r2): stations and targets as points, contacts as the satellite's path during them at its height, with
 * time spans, so that Google Earth and others can play it.
 */
export const planToKml = ({ plan, satellites, stations, targets }: Planned): string => {
  const byId = new Map(satellites.map((satellite) => [satellite.id, satellite]));
  const points = stations.map(
    ({ name, longitude, latitude }) =>
      `<Placemark><name>${escaped(name)}</name><Point><coordinates>${longitude},${latitude},0</coordinates></Point></Placemark>`,
  );
  const seen = (targets?.seen ?? []).map(
    ({ scene, satellite, at, place }) =>
      `<Placemark><name>${escaped(scene)}</name><description>${escaped(`seen by ${satellite} at ${formatInstant(at)}`)}</description><TimeStamp><when>${formatInstant(at)}</when></TimeStamp><Point><coordinates>${place.longitude},${place.latitude},0</coordinates></Point></Placemark>`,
  );
  const paths = plan.contacts.flatMap((contact) => {
    const satellite = byId.get(contact.satellite);
    if (satellite === undefined) return [];
    const coordinates = contact.samples
      .map(({ at }) => {
        const { longitude, latitude, altitude } = subPoint(satellite, instant(at));
        return `${rounded(longitude)},${rounded(latitude)},${Math.round(altitude)}`;
      })
      .join(" ");
    return [
      `<Placemark><name>${escaped(contact.id)}</name><TimeSpan><begin>${formatInstant(contact.aos)}</begin><end>${formatInstant(contact.los)}</end></TimeSpan><LineString><altitudeMode>absolute</altitudeMode><coordinates>${coordinates}</coordinates></LineString></Placemark>`,
    ];
  });
  const folder = (name: string, inside: readonly string[]): string =>
    inside.length === 0 ? "" : `<Folder><name>${name}</name>\n${inside.join("\n")}\n</Folder>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>contact plan</name>
${folder("stations", points)}${folder("targets", seen)}${folder("contacts", paths)}</Document></kml>
`;
};

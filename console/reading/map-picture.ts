import { instant, type Instant } from "../../pipeline/units.ts";
import { nightAt } from "../map/night.ts";
import { newPlaces, placeIn, placesAt, trackOf, type Places } from "../map/orbit-places.ts";
import type { MapPicture, SatelliteMark, StationMark, TrackMark } from "../map/picture.ts";
import { horizonRadius } from "../map/sphere.ts";
import { swathBand } from "../map/swath-band.ts";
import type { LonLat } from "../map/view.ts";
import { openContacts } from "../state/plan.ts";
import { exchangesAt } from "../state/state-at.ts";
import { landedCells, mostDiscs, type LandedCells } from "./landed-cells.ts";
import { linkMarks } from "./link-marks.ts";
import { orderMarks } from "./order-marks.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Prepared } from "./prepared.ts";
import { freshBeyond, sceneMarks } from "./scene-marks.ts";
import { focusSatellite, focusStation, type Selection } from "./selection.ts";

/** Chevrons with names and tracks up to here; chevrons with fewer names up to the second; dashes above. */
export const manySatellites = { tracks: 60, chevrons: 300 } as const;

/** What a picture is made from besides the run. */
export interface PictureWish {
  readonly t: Instant;
  /** The moment that cells are of: it may lag behind. */
  readonly cellsT: Instant;
  readonly selection: Selection | null;
  readonly areas: MapPicture["areas"];
  readonly area: MapPicture["area"];
  /** Names of nodes of which nothing is heard. */
  readonly silent: ReadonlySet<string>;
}

/** The map of nothing: night and day, no run. */
export const emptyPicture = (t: Instant): MapPicture => ({
  night: nightAt(t),
  hearing: [],
  horizons: [],
  tracks: [],
  swath: null,
  links: [],
  stations: [],
  scenes: [],
  freshBeyond: 0,
  orders: [],
  cells: [],
  satellites: [],
  fleet: null,
  lens: null,
  areas: [],
  area: null,
});

const minute = 60;

const tracksOf = (prepared: Prepared, t: Instant, selected: number): readonly TrackMark[] => {
  const { orbits: satellites } = prepared.plan;
  const short = satellites.length <= manySatellites.tracks ? satellites : [];
  const thin = short.flatMap((satellite, i) =>
    i === selected
      ? []
      : [
          {
            behind: trackOf(satellite, instant(t - 10 * minute), t, 100),
            ahead: trackOf(satellite, t, instant(t + 10 * minute), 100),
            selected: false,
          },
        ],
  );
  const own = satellites[selected];
  if (own === undefined) return thin;
  const period = 86_400 / own.elements.meanMotion;
  return [
    ...thin,
    {
      behind: trackOf(own, instant(t - period), t, 60),
      ahead: trackOf(own, t, instant(t + period), 60),
      selected: true,
    },
  ];
};

const swathOf = (prepared: Prepared, t: Instant, selected: number): MapPicture["swath"] => {
  const satellite = prepared.plan.orbits[selected];
  const { camera } = prepared.head;
  if (satellite === undefined || camera === null) return null;
  const half = camera.swath_m / 2;
  return {
    behind: swathBand(trackOf(satellite, instant(t - 10 * minute), t, 30), half),
    ahead: swathBand(trackOf(satellite, t, instant(t + 10 * minute), 30), half),
  };
};

/** Keeps its columns from picture to picture: thousands of satellites sixty times a second. */
export const newPictureMaker = (prepared: Prepared) => {
  const { head, epoch, plan } = prepared;
  const satellites = plan.orbits;
  const places: Places = newPlaces(satellites.length);
  const inContact = new Uint8Array(satellites.length);

  const cells = new WeakMap<PolicyView, LandedCells>();
  let last: { readonly view: PolicyView; readonly t: number; readonly marks: MapPicture["cells"] } | null =
    null;
  const cellsOf = (view: PolicyView | null, t: number): MapPicture["cells"] => {
    if (view === null || (head.shows === "pixels" && plan.acquisitions.rows <= mostDiscs)) return [];
    const known = cells.get(view) ?? landedCells(prepared, view);
    cells.set(view, known);
    if (last?.view !== view || last.t !== t) last = { view, t, marks: known.at(t) };
    return last.marks;
  };

  return (view: PolicyView | null, wish: PictureWish): MapPicture => {
    const { t, selection, silent } = wish;
    const s = t - epoch;
    placesAt(satellites, t, places);
    const selected = focusSatellite(prepared, selection, view);
    const selectedStation = focusStation(prepared, selection);
    const open = openContacts(plan, s);
    const { satellite: whoms, station: wheres } = prepared.plan.contacts.columns;
    inContact.fill(0);
    const hearing = new Set<number>();
    const horizons: { centre: LonLat; radius: number }[] = [];
    for (const row of open) {
      const [whom, where] = [whoms[row] as number, wheres[row] as number];
      inContact[whom] = 1;
      if (hearing.has(where)) continue;
      hearing.add(where);
      const station = prepared.stations[where];
      const height = places.height[whom] as number;
      if (station !== undefined && !Number.isNaN(height))
        horizons.push({
          centre: station.lonLat,
          radius: horizonRadius(height, head.stations[where]?.min_elevation_deg ?? 0),
        });
    }
    const few = satellites.length <= manySatellites.tracks;
    const chevrons = satellites.length <= manySatellites.chevrons;
    const drawn = chevrons ? satellites.map((_, i) => i) : selected < 0 ? [] : [selected];
    const marks = drawn.flatMap((i): SatelliteMark[] => {
      const place = placeIn(places, i);
      const name = head.satellites[i] ?? "";
      if (place === null) return [];
      return [
        {
          id: name,
          label: i === selected ? name : (prepared.shortNames[i] ?? name),
          place,
          selected: i === selected,
          named: few || inContact[i] === 1 || silent.has(name),
          silent: silent.has(name),
        },
      ];
    });
    const stations = head.stations.map((station, i): StationMark => ({
      id: station.id,
      label: station.name,
      lonLat: [station.longitude_deg, station.latitude_deg],
      inContact: hearing.has(i),
      selected: i === selectedStation,
      silent: silent.has(station.id),
    }));
    const showsScenes = view !== null && head.shows === "pixels" && plan.acquisitions.rows <= mostDiscs;
    const scenes = showsScenes ? sceneMarks(prepared, view, s, selection) : [];
    return {
      night: nightAt(t),
      hearing: prepared.hearing,
      // Above some dozens of stations in contact their circles would cover everything else.
      horizons: horizons.length <= 12 ? horizons : [],
      tracks: tracksOf(prepared, t, selected),
      swath: swathOf(prepared, t, selected),
      links: linkMarks(
        prepared,
        view,
        view === null ? [] : exchangesAt(plan, view.record, s),
        places,
        s,
        (i) => few || i === selected,
      ),
      stations,
      scenes,
      freshBeyond: showsScenes ? freshBeyond(view, scenes, s) : 0,
      orders: view === null ? [] : orderMarks(view, s, selection),
      cells: cellsOf(view, wish.cellsT - epoch),
      satellites: marks,
      lens: null,
      fleet: chevrons ? null : { places, inContact },
      areas: wish.areas,
      area: wish.area,
    };
  };
};

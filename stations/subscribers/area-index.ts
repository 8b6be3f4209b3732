import type { WatchArea } from "./watch-area.ts";

/** Who watches where: cells of two degrees, so that a detection is held against few of a thousand areas. */
export interface AreaIndex<T> {
  add(member: T, area: WatchArea | null): void;
  remove(member: T): void;
  /** Calls for everyone whose area may hold the place; without a place, for everyone without an area. */
  forEachNear(longitude: number | null, latitude: number | null, call: (member: T) => void): void;
}

const cellDegrees = 2;
const columns = 360 / cellDegrees;
const rows = 180 / cellDegrees;
/** Areas of more cells are held against every detection: an ocean takes as long to enter as to compare. */
const mostCells = 2048;

const columnOf = (longitude: number): number =>
  Math.min(Math.max(Math.floor((longitude + 180) / cellDegrees), 0), columns - 1);
const rowOf = (latitude: number): number =>
  Math.min(Math.max(Math.floor((latitude + 90) / cellDegrees), 0), rows - 1);

const cellsOf = ({ boxes }: WatchArea): ReadonlySet<number> | null => {
  const cells = new Set<number>();
  for (const [west, south, east, north] of boxes) {
    for (let row = rowOf(south); row <= rowOf(north); row += 1)
      for (let column = columnOf(west); column <= columnOf(east); column += 1)
        cells.add(row * columns + column);
    if (cells.size > mostCells) return null;
  }
  return cells;
};

/** An empty index. */
export const areaIndex = <T>(): AreaIndex<T> => {
  const cells = new Map<number, Set<T>>();
  const wide = new Set<T>();
  const anywhere = new Set<T>();
  const entered = new Map<T, ReadonlySet<number>>();
  return {
    add(member, area) {
      const covered = area === null ? null : cellsOf(area);
      if (area === null) anywhere.add(member);
      else if (covered === null) wide.add(member);
      else {
        entered.set(member, covered);
        for (const cell of covered) {
          const members = cells.get(cell);
          if (members === undefined) cells.set(cell, new Set([member]));
          else members.add(member);
        }
      }
    },
    remove(member) {
      anywhere.delete(member);
      wide.delete(member);
      for (const cell of entered.get(member) ?? []) {
        const members = cells.get(cell);
        members?.delete(member);
        if (members?.size === 0) cells.delete(cell);
      }
      entered.delete(member);
    },
    forEachNear(longitude, latitude, call) {
      for (const member of anywhere) call(member);
      if (longitude === null || latitude === null) return;
      for (const member of wide) call(member);
      if (cells.size === 0) return;
      const row = rowOf(latitude) * columns;
      const east = longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;
      for (const member of cells.get(row + columnOf(east)) ?? []) call(member);
      // 180° is the edge of the last column and of the first one.
      if (Math.abs(east) === 180) for (const member of cells.get(row + columnOf(-east)) ?? []) call(member);
    },
  };
};

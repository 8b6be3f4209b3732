/** A stretch of time on a lane: a contact of a satellite or of a station. Seconds of mission time, as all of these. */
export interface LaneBar {
  readonly from: number;
  readonly to: number;
  /** Who is at the other end: inside the bar, where it fits. */
  readonly label: string;
  /** Row of the plan's contacts. */
  readonly contact: number;
}

/** The camera took a scene, or will. */
export interface LaneShot {
  readonly t: number;
  readonly label: string;
  /** Landed: filled for good; else filled from `t` on with the ring of what is on board. */
  readonly landedAt: number | null;
  readonly acquisition: number;
}

/** Something was sent. */
export interface LaneSend {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/** A stretch of an order's way: until it is on board, until its image is taken, until that is on the ground. */
export interface LaneStage {
  readonly name: "waits" | "on board" | "taken";
  readonly from: number;
  readonly to: number;
}

/** One row of the lanes: a satellite, a station, a policy or an order. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  /** In full, where the lane is selected. */
  readonly fullLabel: string;
  readonly bars: readonly LaneBar[];
  /** Stretches in shadow. */
  readonly shadows: readonly (readonly [from: number, to: number])[];
  readonly shots: readonly LaneShot[];
  readonly sends: readonly LaneSend[];
  readonly losses: readonly number[];
  /** Nothing has been heard of its node since. */
  readonly silentSince: number | null;
  /** Of an order, and when it is due. */
  readonly stages?: readonly LaneStage[];
  readonly deadline?: number;
}

/** A product goes from one lane to another; planned until it has happened. */
export interface HandOver {
  readonly t: number;
  readonly from: string;
  readonly to: string;
  readonly kind: string;
}

/** The rows of a chart and where each stands. */
export interface LaneRow {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
  readonly selected: boolean;
}

const selectedHeight = 34;

/** Rows that fill the height where they are few; never lower than 10 px, and then the chart is scrolled. */
export const layLanes = (
  lanes: readonly Lane[],
  selected: string | null,
  height: number,
  scroll: number,
): { readonly rows: readonly LaneRow[]; readonly contentHeight: number } => {
  const others = lanes.length - (lanes.some(({ id }) => id === selected) ? 1 : 0);
  const room = height - (others === lanes.length ? 0 : selectedHeight);
  const each = Math.max(12, Math.min(20, Math.floor(room / Math.max(1, others))));
  let y = -scroll;
  const rows = lanes.map((lane): LaneRow => {
    const isSelected = lane.id === selected;
    const row = { lane, y, height: isSelected ? selectedHeight : each, selected: isSelected };
    y += row.height;
    return row;
  });
  return { rows, contentHeight: y + scroll };
};

/** Entries of a list ordered by `from` that may reach into a window: those that begin before its end, and end after its start. */
export const inWindow = <Entry extends { readonly from: number; readonly to: number }>(
  entries: readonly Entry[],
  from: number,
  to: number,
): readonly Entry[] => entries.filter((entry) => entry.to > from && entry.from < to);

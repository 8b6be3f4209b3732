import { freemem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { SwathError } from "../../pipeline/errors.ts";
import { formatBytes, formatCountOf } from "../../pipeline/format.ts";
import { bytes, type Bytes, type Seconds } from "../../pipeline/units.ts";

/** What a study will need at its peak, estimated before it starts. */
export interface MemoryNeed {
  /** What needs it, for people. */
  readonly what: string;
  readonly bytes: Bytes;
  /** Of these, what lies on the heap of JavaScript, which has a bound of its own; all of it unless told otherwise. */
  readonly onHeap?: Bytes;
  /** How to go on with less. */
  readonly hint: string;
}

/** How much there is: on the machine, and on the heap of JavaScript. */
export interface MemoryRoom {
  readonly free: Bytes;
  readonly heap: Bytes;
}

/** What is free now. A control group may allow less than the machine has. */
const roomNow = (): MemoryRoom => {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const allowed = process.constrainedMemory?.() ?? 0;
  const group = allowed > 0 ? allowed - process.memoryUsage.rss() : Infinity;
  return { free: bytes(Math.min(freemem(), group)), heap: bytes(limit - used) };
};

/**
 * Throws `SwathError("config")` where a study needs more memory than there is: before it starts, with the estimate and how to go on,
 * instead of hours later with a crash.
 */
export const requireMemory = (
  { what, bytes: need, onHeap = bytes(0), hint }: MemoryNeed,
  { free, heap }: MemoryRoom = roomNow(),
): void => {
  const wanted = `about ${formatBytes(need)} of memory`;
  if (need > free) throw new SwathError("config", { what, wanted, got: `${formatBytes(free)} free`, hint });
  if (onHeap > heap) {
    const megabytes = Math.ceil((onHeap * 1.25) / 2 ** 20 / 1000) * 1000;
    throw new SwathError("config", {
      what,
      wanted: `about ${formatBytes(onHeap)} on the heap of JavaScript`,
      got: `room for ${formatBytes(heap)}`,
      hint: `set NODE_OPTIONS=--max-old-space-size=${megabytes}, or ${hint}`,
    });
  }
};

/** Of a satellite with its elements, in a plan that is streamed: the peak at a million over a day, and what of it is on the heap; bytes. */
const satelliteMemory = 1000;
const satelliteHeap = 700;

/** Throws `SwathError("config")` where there is no room for the satellites of a contact plan, which is best asked before they are made. */
export const requireSatelliteMemory = (satellites: number, room?: MemoryRoom): void =>
  requireMemory(
    {
      what: `a contact plan of ${formatCountOf(satellites, "satellite")}`,
      bytes: bytes(satellites * satelliteMemory),
      onHeap: bytes(satellites * satelliteHeap),
      hint: "plan a part of the constellation",
    },
    room,
  );

/** Passes of a satellite over a station in an hour: of the orbits that see it most, and 48 bytes each, twice while their table grows. */
const passesAnHour = 0.5;

/** What all passes of a plan take at once. */
export const passMemory = (satellites: number, stations: number, horizon: Seconds): Bytes =>
  bytes(satellites * (satelliteMemory + stations * (horizon / 3600) * passesAnHour * 48 * 2));

/** What of a simulation grows with it. */
export interface SimulationSize {
  readonly satellites: number;
  readonly acquisitions: number;
  /** With crosslinks all satellites fly at once. */
  readonly isMesh: boolean;
}

/** Measured (`npm run bench:simulate`): of a satellite in its plan and in the air, of an acquisition in the plan and in the books, bytes. */
const measured = { planned: 6_000, flying: 40_000, listed: 250, booked: 900 } as const;

/** What a simulation takes at its peak, nearly all of it on the heap of JavaScript. */
export const simulationMemory = ({ satellites, acquisitions, isMesh }: SimulationSize): Bytes => {
  const { planned, flying, listed, booked } = measured;
  const each = isMesh ? planned + flying : planned;
  return bytes(200e6 + satellites * each + acquisitions * (isMesh ? listed + booked : listed));
};

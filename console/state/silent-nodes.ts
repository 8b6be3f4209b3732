import type { MissionHead } from "../../pipeline/mission/mission-head.ts";

/** A node in another process of which nothing is heard. */
export interface SilentNode {
  /** Satellite or station. */
  readonly id: string;
  /** Through which moment it is known, seconds from the start. */
  readonly from: number;
  /** Since when by the clock, milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Nodes of the policy at work of which nothing is heard now. */
export const silentNodes = ({ policies }: MissionHead): readonly SilentNode[] =>
  policies.flatMap(({ state, silent = [] }) =>
    state === "at work"
      ? silent.map(({ id, since, through_s: from }) => ({ id, from, sinceMs: Date.parse(since) }))
      : [],
  );

/** From which moment nothing is known of a node, seconds from the start; `null`: it is heard. */
export const silentFrom = (head: MissionHead, id: string): number | null =>
  silentNodes(head).find((node) => node.id === id)?.from ?? null;

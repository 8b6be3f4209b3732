import { watts, type Watts } from "../units.ts";
import type { Computer } from "./spacecraft.ts";

/**
 * What work on the computer draws besides what it draws when it only waits: the power that a job costs the platform, and the
 * one by which its joules are counted everywhere. What the waiting computer draws is part of the platform's base load.
 */
export const workingPower = ({ power, idlePower }: Pick<Computer, "power" | "idlePower">): Watts =>
  watts(power - idlePower);

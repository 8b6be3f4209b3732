import { describe, expect, it } from "vitest";
import { parseShard } from "../../../studies/options/shard.ts";

const slurm = (id: number, least: number, most: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${least}`,
  SLURM_ARRAY_TASK_MAX: `${most}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
});

describe("parseShard", () => {
  it.each([
    ["0/3", {}, { index: 0, of: 3 }],
    ["2/3", slurm(0, 0, 15, 16), { index: 2, of: 3 }],
    ["array", slurm(5, 0, 15, 16), { index: 5, of: 16 }],
    ["array/16", slurm(5, 5, 5, 1), { index: 5, of: 16 }],
    ["array/8", { JOB_COMPLETION_INDEX: "7" }, { index: 7, of: 8 }],
  ])("reads %s", (text, environment, wanted) => {
    expect(parseShard(text, environment)).toEqual(wanted);
  });

  it.each([
    ["3/3", {}, /got 3\/3$/],
    ["0/0", {}, /got 0\/0$/],
    ["-1/2", {}, /got "-1\/2"$/],
    ["1", {}, /got "1"$/],
    ["array", {}, /neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set$/],
    ["array", { JOB_COMPLETION_INDEX: "0" }, /wanted array\/n/],
    // One job of an array that is run again says that it is one of one.
    ["array", slurm(5, 5, 5, 1), /wanted array\/n/],
    ["array", slurm(1, 1, 4, 4), /wanted array\/n/],
    ["array", slurm(0, 0, 6, 4), /wanted array\/n/],
    ["array/4", slurm(4, 0, 15, 16), /got 4\/4$/],
  ])("refuses %s where it cannot be told which part is meant", (text, environment, message) => {
    expect(() => parseShard(text, environment)).toThrow(message);
  });
});

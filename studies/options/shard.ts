import { SwathError } from "../../pipeline/errors.ts";

/** A part of a job: number `index` of `of`, counted from 0. */
export interface ShardOf {
  readonly index: number;
  readonly of: number;
}

/** More parts than any array of jobs has. */
const mostShards = 100_000;

type Environment = Readonly<Record<string, string | undefined>>;

const refuse = (wanted: string, got: string, hint?: string): never => {
  throw new SwathError("config", {
    what: "--shard",
    wanted,
    got,
    field: "shard",
    ...(hint === undefined ? {} : { hint }),
  });
};

const wholeOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;

/** Which job of an array this is: Slurm says it and how many there are, Kubernetes says it alone. */
const arrayJob = (environment: Environment): { readonly index: number; readonly of: number | null } => {
  const task = wholeOf(environment["SLURM_ARRAY_TASK_ID"]);
  if (task !== null) {
    const count = wholeOf(environment["SLURM_ARRAY_TASK_COUNT"]);
    const least = wholeOf(environment["SLURM_ARRAY_TASK_MIN"]);
    const most = wholeOf(environment["SLURM_ARRAY_TASK_MAX"]);
    // Of an array with gaps, or of one that runs a single job again, nobody could tell which part is meant.
    const isWhole = least === 0 && most !== null && count === most + 1;
    return { index: task, of: isWhole ? count : null };
  }
  const completion = wholeOf(environment["JOB_COMPLETION_INDEX"]);
  if (completion !== null) return { index: completion, of: null };
  return refuse("a job of an array, or i/n", "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set");
};

/**
 * Reads `i/n`; `array/n` takes i from the environment of an array job (Slurm, Kubernetes), `array` n too, where Slurm says it of an array from 0 on
 * without gaps. Throws `SwathError("config")`.
 */
export const parseShard = (text: string, environment: Environment = process.env): ShardOf => {
  const [, place = "", , total] = /^(\d{1,9}|array)(\/(\d{1,9}))?$/.exec(text) ?? [];
  if (place === "" || (place !== "array" && total === undefined))
    return refuse("i/n with i from 0 to n − 1, such as 0/3, or array/n in a job of an array", `"${text}"`);
  const job = place === "array" ? arrayJob(environment) : { index: Number(place), of: null };
  const of = total === undefined ? job.of : Number(total);
  if (of === null) {
    const how = "array/n, such as array/16";
    return refuse(
      how,
      `"${text}"`,
      "this array does not say how many parts there are, from 0 on and without gaps",
    );
  }
  const { index } = job;
  if (of >= 1 && of <= mostShards && index < of) return { index, of };
  return refuse(`i/n with i from 0 to n − 1, n at most ${mostShards}`, `${index}/${of}`);
};

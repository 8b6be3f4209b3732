import { once, type EventEmitter } from "node:events";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { z } from "zod";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import { answerJson, answerText } from "./answer.ts";
import type { Face, GatewayEnv } from "./face.ts";
import { operation } from "./operation.ts";
import { HttpProblem } from "./problem.ts";
import { type RunCatalogue, type RunEntry, runEntrySchema } from "./run-catalogue.ts";
import { serve } from "./serve-operation.ts";

const columnsType = "application/vnd.swath.columns";

/** Longest side of a picture from the dataset; pixels. */
const mostSide = 1024;

const windowWords = `x0,y0,x1,y1 in whole pixels of the scene, x0 < x1, y0 < y1, at most ${mostSide} a side`;

const isWindow = (numbers: readonly number[]): boolean => {
  const [x0 = -1, y0 = -1, x1 = -1, y1 = -1] = numbers;
  const [width, height] = [x1 - x0, y1 - y0];
  const isWhole = numbers.length === 4 && numbers.every((number) => Number.isInteger(number) && number >= 0);
  return isWhole && width > 0 && height > 0 && width <= mostSide && height <= mostSide;
};

const windowSchema = z
  .array(z.number(windowWords), windowWords)
  .refine(isWindow, windowWords)
  .transform(([x = 0, y = 0, x1 = 0, y1 = 0]): PixelWindow => ({ x, y, width: x1 - x, height: y1 - y }))
  .describe(windowWords);

const fromSchema = z
  .literal("dataset", "dataset: said by those who know that the ground has no such picture")
  .describe("where the pixels come from: `dataset`, not the downlink");

const operations = {
  list: operation({
    method: "get",
    path: "",
    name: "listRuns",
    summary: "Runs, simulations and sweeps, finished and at work, the newest first",
    query: {},
    answers: { 200: { about: "the list", schema: z.strictObject({ runs: z.array(runEntrySchema) }) } },
  }),
  run: operation({
    method: "get",
    path: "/{run}",
    name: "getRun",
    summary: "One run, with its summary once it is finished",
    query: {},
    answers: {
      200: {
        about: "the run; `summary` as docs/summary.md has it",
        schema: z.strictObject({ ...runEntrySchema.shape, summary: z.unknown() }),
      },
    },
  }),
  report: operation({
    method: "get",
    path: "/{run}/report",
    name: "getReport",
    summary: "The report of a run, one page",
    query: {},
    answers: { 200: { about: "the page", type: "text/html" } },
  }),
  head: operation({
    method: "get",
    path: "/{run}/mission",
    name: "getMissionHead",
    summary: "The head of a run's mission record: what it flew, and which files hold the rest",
    query: {},
    answers: { 200: { about: "swath-mission/1, docs/formats.md" } },
  }),
  live: operation({
    method: "get",
    path: "/{run}/live",
    name: "followRun",
    summary: "Says when a run's mission record grows: read its head again then",
    query: {},
    answers: {
      200: {
        about:
          "server-sent events `head`, data {revision, state}; the id is the revision; `end` when nothing more comes",
        type: "text/event-stream",
      },
    },
  }),
  planPart: operation({
    method: "get",
    path: "/{run}/mission/{file}",
    name: "getPlanPart",
    summary: "A file of the plan that the head of a mission record names",
    query: {},
    answers: { 200: { about: "tables as columns, docs/formats.md", type: columnsType } },
  }),
  part: operation({
    method: "get",
    path: "/{run}/mission/{policy}/{file}",
    name: "getMissionPart",
    summary: "A file of one policy that the head of a mission record names",
    query: {},
    answers: { 200: { about: "tables as columns, docs/formats.md", type: columnsType } },
  }),
  chip: operation({
    method: "get",
    path: "/{run}/chips/{policy}/{acquisition}/{detection}",
    name: "getChip",
    summary: "The image of a detection, where it was sent down",
    query: {},
    answers: { 200: { about: "the chip, byte for byte as it crossed the link", type: "image/webp" } },
  }),
  tile: operation({
    method: "get",
    path: "/{run}/tiles/{policy}/{acquisition}/{tile}",
    name: "getTile",
    summary: "A tile that the ground requested and got",
    query: {},
    answers: { 200: { about: "its pixels with their place", type: "image/tiff; application=geotiff" } },
  }),
  scenePicture: operation({
    method: "get",
    path: "/{run}/scenes/{scene}/picture",
    name: "getScenePicture",
    summary: "A part of a scene from the dataset of the run: pixels that were never sent down",
    query: { bbox: windowSchema, from: fromSchema },
    answers: {
      200: { about: "natural colours, stretched; pixel for pixel, without loss", type: "image/webp" },
      409: { about: "the dataset has changed since the run read it", type: "application/problem+json" },
      410: { about: "the dataset is no longer where the run read it", type: "application/problem+json" },
    },
  }),
} as const;

/** A report carries its own style and script; it may ask nobody, and speaks for nobody. */
const reportPolicy =
  "sandbox allow-scripts allow-popups; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

const noRun = (run: string): HttpProblem =>
  new HttpProblem(404, { what: `no run "${run}"`, hint: "GET /api/runs lists those there are" });

const numberOf = (field: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new HttpProblem(400, { what: field, wanted: "a whole number", got: JSON.stringify(text), field });
};

const required = <T>(value: T | null, problem: () => HttpProblem): T => {
  if (value === null) throw problem();
  return value;
};

/** Said so often that a proxy does not take the silence for the end; ms. */
const heartbeat = 15_000;

/** Resolves when there is room again, or the client has gone. */
const drained = async (outgoing: EventEmitter, gone: AbortSignal): Promise<void> => {
  try {
    await once(outgoing, "drain", { signal: gone });
  } catch (error) {
    if (!gone.aborted) throw error;
  }
};

/** Tells a client how a record grows, until it ends or the client goes. */
const tell = async (c: Context<GatewayEnv>, catalogue: RunCatalogue, run: string): Promise<Response> => {
  const { outgoing } = c.env;
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  outgoing.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  outgoing.write("retry: 2000\n\n");
  const beat = setInterval(() => outgoing.write(": still here\n\n"), heartbeat);
  try {
    for await (const { revision, state } of catalogue.follow(run, gone.signal)) {
      outgoing.write(`id: ${revision}\nevent: head\ndata: ${JSON.stringify({ revision, state })}\n\n`);
      // A client that does not read is told of the latest head once it does: what lies between is in it.
      if (outgoing.writableNeedDrain) await drained(outgoing, gone.signal);
    }
    if (!gone.signal.aborted) outgoing.write("event: end\ndata: {}\n\n");
  } finally {
    clearInterval(beat);
    outgoing.end();
  }
  return RESPONSE_ALREADY_SENT;
};

/** The runs: list, summaries, reports, mission records and how they grow, pictures that were sent down. */
export const runsFace = (catalogue: RunCatalogue): Face => {
  const entryOf = async (run: string): Promise<RunEntry> =>
    required(await catalogue.find(run), () => noRun(run));
  const partOf = async (c: Context<GatewayEnv>, run: string, file: string): Promise<Response> => {
    await entryOf(run);
    const content = required(
      await catalogue.part(run, file),
      () =>
        new HttpProblem(404, {
          what: `no file "${file}" in the mission record of ${run}`,
          wanted: "one that its head names",
          hint: "read the head again: a run at work has finished since",
        }),
    );
    return answerText(c, content, { type: columnsType });
  };
  return {
    path: "/api/runs",
    title: "Runs: summaries, reports, mission records, and how they grow",
    operations: Object.values(operations),
    routes(router) {
      serve(router, operations.list, async ({ c }) => answerJson(c, { runs: await catalogue.list() }));
      serve(router, operations.run, async ({ c, name }) => {
        const entry = await entryOf(name("run"));
        return answerJson(c, { ...entry, summary: await catalogue.summary(entry.run) });
      });
      serve(router, operations.report, async ({ c, name }) => {
        const { run } = await entryOf(name("run"));
        const page = required(
          await catalogue.report(run),
          () =>
            new HttpProblem(404, { what: `no report of ${run}`, hint: "it is written when the run ends" }),
        );
        const headers = { "Content-Security-Policy": reportPolicy };
        return answerText(c, page, { type: "text/html; charset=utf-8", headers });
      });
      serve(router, operations.head, async ({ c, name }) => {
        const { run } = await entryOf(name("run"));
        const head = required(
          await catalogue.head(run),
          () =>
            new HttpProblem(404, {
              what: `no mission record of ${run}`,
              hint: "sweeps have none, nor have runs of releases before it: fly it again",
            }),
        );
        return answerText(c, head, { type: "application/json" });
      });
      serve(router, operations.live, async ({ c, name }) => {
        const { run } = await entryOf(name("run"));
        return tell(c, catalogue, run);
      });
      serve(router, operations.planPart, ({ c, name }) => partOf(c, name("run"), name("file")));
      serve(router, operations.part, ({ c, name }) =>
        partOf(c, name("run"), `${name("policy")}/${name("file")}`),
      );
      serve(router, operations.chip, async ({ c, name }) => {
        const { run } = await entryOf(name("run"));
        const [acquisition, place] = [
          numberOf("acquisition", name("acquisition")),
          numberOf("detection", name("detection")),
        ];
        const chip = required(
          await catalogue.chip(run, { policy: name("policy"), acquisition, place }),
          () =>
            new HttpProblem(404, {
              what: `no chip of detection ${place} of acquisition ${acquisition}`,
              hint: "it was not sent down",
            }),
        );
        return answerText(c, chip, { type: "image/webp" });
      });
      serve(router, operations.scenePicture, async ({ c, name, query }) => {
        const { run } = await entryOf(name("run"));
        const picture = await catalogue.scenePicture(run, { scene: name("scene"), window: query.bbox });
        return answerText(c, picture, { type: "image/webp" });
      });
      serve(router, operations.tile, async ({ c, name }) => {
        const { run } = await entryOf(name("run"));
        const [acquisition, place] = [
          numberOf("acquisition", name("acquisition")),
          numberOf("tile", name("tile")),
        ];
        const tile = required(
          await catalogue.tile(run, { policy: name("policy"), acquisition, place }),
          () =>
            new HttpProblem(404, {
              what: `no tile ${place} of acquisition ${acquisition}`,
              hint: "the ground did not request it, or it was not sent down",
            }),
        );
        return answerText(c, tile, { type: "image/tiff; application=geotiff" });
      });
    },
  };
};

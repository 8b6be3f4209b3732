import { z } from "zod";
import { resultSchema } from "../../../pipeline/mission/result-message.ts";
import { operation } from "../operation.ts";

const cursor = z
  .string()
  .describe("j…-<number>: opaque; behind the last detection that a client has dealt with");
const name = z.string().describe("1 to 64 letters, digits, - and _");

/** What filters, as the query of an address has it. */
const filterQuery = {
  class: z.array(z.string()).optional().describe("only these classes; unknown ones are refused"),
  bbox: z
    .string()
    .optional()
    .describe("west,south,east,north in degrees; west > east crosses the antimeridian"),
  area: z.string().optional().describe("GeoJSON polygons: only detections whose centre lies inside"),
  min_score: z.number().min(0).max(1).optional(),
  run: z.string().optional().describe("<run> or <run>-<policy>"),
  satellite: z.array(z.string()).optional().describe("* stands for any letters: walker-1-*"),
  since: z.string().optional().describe("received from here on, mission time, ISO 8601"),
};

const startQuery = {
  from: z.string().optional().describe("start, now, a time, a number or a cursor"),
  cursor: z.string().optional().describe("name of a cursor that the server keeps: see /api/cursors"),
};

const streamQuery = {
  ...filterQuery,
  ...startQuery,
  rate: z.string().optional().describe("10/s, 100/min: at most so many, the rest later"),
};

const pageQuery = { ...filterQuery, ...startQuery, limit: z.int().min(1).max(10_000).optional() };

const pageSchema = z.object({
  detections: z.array(resultSchema),
  cursor,
  next: z.string().nullable().describe("path of the next page"),
});

const stream = {
  200: {
    about:
      "server-sent events: a message for each detection, whose id is a cursor; events live, behind and gap. With Upgrade: websocket the same as messages",
    type: "text/event-stream",
  },
};

/** What `/api/detections` offers. */
export const detectionOperations = [
  operation({
    method: "get",
    path: "",
    name: "getDetections",
    summary: "What is kept, in pages, in the order of its cursors",
    query: pageQuery,
    answers: { 200: { about: "a page", schema: pageSchema } },
  }),
  operation({
    method: "post",
    path: "",
    name: "queryDetections",
    summary: "The same for areas that are too long for an address",
    query: {},
    body: z.object(pageQuery).extend({ area: z.unknown().optional() }),
    answers: { 200: { about: "a page", schema: pageSchema } },
  }),
  operation({
    method: "get",
    path: "/kept",
    name: "getKept",
    summary: "From where to where detections are kept, of which runs and classes",
    query: {},
    answers: {
      200: {
        about: "what is kept",
        schema: z.object({
          journal: z.string(),
          first: cursor,
          last: cursor,
          runs: z.array(z.string()),
          classes: z.array(z.string()),
          subscribers: z.int(),
        }),
      },
    },
  }),
  operation({
    method: "get",
    path: "/stream",
    name: "streamDetections",
    summary: "Detections as they land, behind Last-Event-ID, a cursor, or from a time on",
    query: streamQuery,
    answers: stream,
  }),
  operation({
    method: "post",
    path: "/stream",
    name: "streamDetectionsOf",
    summary: "The same for areas that are too long for an address",
    query: {},
    body: z.object(streamQuery).extend({ area: z.unknown().optional() }),
    answers: stream,
  }),
];

const cursorSchema = z.object({
  name,
  run: z.string().nullable(),
  cursor,
  behind: z.int().nullable().describe("detections that have come since, of all kinds"),
});

/** What `/api/cursors` offers. */
export const cursorOperations = [
  operation({
    method: "get",
    path: "",
    name: "getCursors",
    summary: "All cursors that are kept",
    query: {},
    answers: { 200: { about: "cursors", schema: z.object({ cursors: z.array(cursorSchema) }) } },
  }),
  operation({
    method: "get",
    path: "/{name}",
    name: "getCursor",
    summary: "One cursor",
    query: {},
    answers: { 200: { about: "a cursor", schema: cursorSchema } },
  }),
  operation({
    method: "put",
    path: "/{name}",
    name: "putCursor",
    summary: "Makes a cursor; one that is there stays where it is",
    query: {},
    body: z.object({ from: z.string().optional(), run: z.string().optional() }),
    answers: {
      200: { about: "it was there", schema: cursorSchema },
      201: { about: "it is made", schema: cursorSchema },
    },
  }),
  operation({
    method: "post",
    path: "/{name}/ack",
    name: "acknowledge",
    summary: "Moves a cursor on, never back",
    query: {},
    body: z.object({ cursor }),
    answers: { 200: { about: "where it is", schema: cursorSchema } },
  }),
  operation({
    method: "delete",
    path: "/{name}",
    name: "deleteCursor",
    summary: "Removes a cursor",
    query: {},
    answers: { 204: { about: "it is gone" } },
  }),
];

const subscriptionSchema = z.object({
  name,
  webhook: z.string(),
  signed: z.boolean(),
  filter: z.object({
    area: z.unknown(),
    class: z.array(z.string()).nullable(),
    min_score: z.number(),
    run: z.string().nullable(),
    satellite: z.array(z.string()).nullable(),
  }),
  per_second: z.number().nullable(),
  attempts: z.int(),
  cursor,
  delivered: z.int(),
  dead_letters: z.int(),
  failing_since: z.string().nullable(),
  last_failure: z.string().nullable(),
  next_try: z.string().nullable(),
});

const letterSchema = z.object({
  cursor,
  id: z.string(),
  given_up_at: z.string(),
  attempts: z.int(),
  reason: z.string(),
  detection: resultSchema,
});

/** What `/api/subscriptions` offers. */
export const subscriptionOperations = [
  operation({
    method: "get",
    path: "",
    name: "getSubscriptions",
    summary: "All webhooks, and how they fare",
    query: {},
    answers: { 200: { about: "webhooks", schema: z.object({ subscriptions: z.array(subscriptionSchema) }) } },
  }),
  operation({
    method: "post",
    path: "",
    name: "addSubscription",
    summary:
      "Calls a webhook for each detection that fits: CloudEvents 1.0, signed as Standard Webhooks has it",
    query: {},
    body: z.object({
      ...filterQuery,
      area: z.unknown().optional().describe("GeoJSON polygons"),
      name,
      webhook: z.string().describe("https://… or http://…"),
      secret: z.string().min(16).optional(),
      from: z.string().optional(),
      rate: z.string().optional(),
      attempts: z.int().min(1).max(100).optional(),
      allow_private: z.boolean().optional().describe("the webhook may lie in a private network"),
    }),
    answers: { 201: { about: "it is made", schema: subscriptionSchema } },
  }),
  operation({
    method: "get",
    path: "/{name}",
    name: "getSubscription",
    summary: "One webhook",
    query: {},
    answers: { 200: { about: "a webhook", schema: subscriptionSchema } },
  }),
  operation({
    method: "delete",
    path: "/{name}",
    name: "deleteSubscription",
    summary: "Ends a webhook; its dead letters go too",
    query: {},
    answers: { 204: { about: "it is gone" } },
  }),
  operation({
    method: "get",
    path: "/{name}/dead-letters",
    name: "getDeadLetters",
    summary: "What a webhook did not take",
    query: {},
    answers: { 200: { about: "dead letters", schema: z.object({ dead_letters: z.array(letterSchema) }) } },
  }),
  operation({
    method: "post",
    path: "/{name}/resend",
    name: "resendDeadLetters",
    summary: "Sends that once more",
    query: {},
    answers: { 200: { about: "how many were taken", schema: z.object({ sent: z.int(), left: z.int() }) } },
  }),
];

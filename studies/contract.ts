import { z } from "zod";
import { version } from "../pipeline/package.ts";
import { longestResult, resultSchema, resultVersion } from "../pipeline/mission/result-message.ts";
import { detectionFeatureSchema, problemSchema } from "../stations/gateway/feature-schema.ts";

/** A field of a message, in words. */
export interface FieldWords {
  readonly name: string;
  readonly type: string;
  readonly about: string;
}

const schemaOf = (name: string, schema: z.ZodType): object => {
  // As readers meet it: what a later release adds is let pass.
  const { $schema, ...said } = z.toJSONSchema(schema, { io: "input" });
  return { $schema, $id: `urn:swath:${name}`, ...said };
};

interface Described {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly description?: string;
}

const typeWords = ({ type, const: constant, enum: values, anyOf }: Described): string => {
  if (constant !== undefined) return JSON.stringify(constant);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (anyOf !== undefined) return anyOf.map(typeWords).join(" or ");
  return typeof type === "string" ? type : (type ?? []).join(" or ");
};

/** The fields of a result, in their order. */
export const resultFields = (): readonly FieldWords[] => {
  const { properties = {} } = z.toJSONSchema(resultSchema) as {
    readonly properties?: Readonly<Record<string, Described>>;
  };
  return Object.entries(properties).map(([name, said]) => ({
    name,
    type: typeWords(said),
    about: said.description ?? "",
  }));
};

/** Draft 7 is what AsyncAPI 3 takes for granted. */
const payload = (schema: z.ZodType): object => {
  const { $schema: _dialect, ...said } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return said;
};

const runParameters = {
  run: { description: "<run>-<policy>, the name that follows from dataset, configuration and seed" },
  start: { description: "which start of that run: random, new each time" },
  class: { description: "the class, with _ for what may not stand in a subject" },
  cell: {
    description: "H3 cell of resolution 3 (12,400 km²) that holds the centre, or none without a place",
  },
};

const cloudEvent = z
  .looseObject({
    specversion: z.literal("1.0"),
    type: z.string(),
    source: z.string(),
    id: z.string().describe("that of the detection"),
    time: z.string().optional(),
    data: resultSchema,
  })
  .meta({ title: "A detection as a CloudEvent 1.0" });

const asyncApi = () => ({
  asyncapi: "3.0.0",
  info: {
    title: "Swath detections",
    version,
    description:
      "Detections as they land: on NATS, on MQTT through nats-server, as server-sent events, by webhook.",
    license: { name: "Apache-2.0" },
  },
  defaultContentType: "application/json",
  servers: {
    nats: { host: "localhost:4222", protocol: "nats", description: "whatever --nats names" },
    mqtt: { host: "localhost:1883", protocol: "mqtt", description: "nats-server with an mqtt block" },
    gateway: { host: "127.0.0.1:4280", protocol: "http", description: "swath serve" },
  },
  channels: {
    results: {
      address: "swath.{run}.{start}.result.{class}.{cell}",
      description: `Kept by the JetStream stream swath_<run>_<start>_result. At most ${longestResult} bytes a message.`,
      servers: [{ $ref: "#/servers/nats" }],
      parameters: runParameters,
      messages: { detection: { $ref: "#/components/messages/detection" } },
    },
    mqttResults: {
      address: "swath/{run}/{start}/result/{class}/{cell}",
      description: "The same by nats-server's MQTT gateway, from now on.",
      servers: [{ $ref: "#/servers/mqtt" }],
      parameters: runParameters,
      messages: { detection: { $ref: "#/components/messages/detection" } },
    },
    stream: {
      address: "/api/detections/stream",
      description: "Server-sent events; the id of each is a cursor. Parameters in /api/openapi.json.",
      servers: [{ $ref: "#/servers/gateway" }],
      messages: { detection: { $ref: "#/components/messages/detection" } },
    },
    webhook: {
      address: null,
      description: "POST to the address of a subscription.",
      messages: { event: { $ref: "#/components/messages/event" } },
    },
  },
  operations: Object.fromEntries(
    ["results", "mqttResults", "stream", "webhook"].map((channel) => [
      `send-${channel}`,
      { action: "send", channel: { $ref: `#/channels/${channel}` } },
    ]),
  ),
  components: {
    messages: {
      detection: {
        name: resultVersion,
        title: "A detection",
        contentType: "application/json",
        payload: { $ref: "#/components/schemas/detection" },
      },
      event: {
        name: "event",
        title: "A detection as a CloudEvent",
        contentType: "application/cloudevents+json",
        payload: { $ref: "#/components/schemas/event" },
      },
    },
    schemas: { detection: payload(resultSchema), event: payload(cloudEvent) },
  },
});

/** The files of the contract, by name: JSON Schema (2020-12) of what is sent, and AsyncAPI 3 of where. Made from what messages are checked by. */
export const contractFiles = (): Readonly<Record<string, object>> => ({
  "swath-result-2.schema.json": schemaOf("result:2", resultSchema),
  "detection-feature.schema.json": schemaOf("detection-feature", detectionFeatureSchema),
  "problem.schema.json": schemaOf("problem", problemSchema),
  "asyncapi.json": asyncApi(),
});

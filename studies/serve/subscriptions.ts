import { readFile } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { askGateway, type GatewayPlace } from "./gateway-client.ts";
import { findGateway } from "./live-gateway.ts";

/** A webhook to add, as at a terminal. */
export interface AddRequest {
  readonly name: string;
  readonly webhook: string;
  /** File of the secret that signs calls, or `null`. */
  readonly secretFile: string | null;
  readonly areaFile: string | null;
  readonly box: string | null;
  readonly classes: readonly string[] | null;
  readonly minScore: string;
  readonly run: string | null;
  readonly satellites: readonly string[] | null;
  readonly from: string;
  readonly rate: string | null;
  readonly attempts: string | null;
  readonly allowPrivate: boolean;
}

/** A webhook as a gateway shows it. */
export interface ShownSubscription {
  readonly name: string;
  readonly webhook: string;
  readonly signed: boolean;
  readonly cursor: string;
  readonly delivered: number;
  readonly dead_letters: number;
  readonly failing_since: string | null;
  readonly last_failure: string | null;
  readonly next_try: string | null;
}

/** A detection that a webhook did not take, as a gateway shows it. */
export interface ShownLetter {
  readonly id: string;
  readonly given_up_at: string;
  readonly attempts: number;
  readonly reason: string;
  readonly detection: unknown;
}

/** The gateway that was named, or the one that serves a folder of runs. Throws `SwathError("bus")` where there is none. */
export const gatewayAtWork = (named: GatewayPlace | null, out: string): GatewayPlace => {
  const place = named ?? findGateway(out);
  if (place !== null) return place;
  throw new SwathError("bus", {
    what: `no gateway serves ${out}`,
    wanted: "swath serve at work, or --gateway URL --token-file FILE",
    got: "neither",
  });
};

const readText = async (path: string, option: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError("config", {
      what: `${option} ${path}`,
      wanted: "a file",
      got: messageOf(cause),
      cause,
    });
  }
};

const readGeoJson = async (path: string): Promise<unknown> => {
  const text = await readText(path, "--area");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError("config", {
      what: `--area ${path}`,
      wanted: "a file of GeoJSON polygons",
      got: messageOf(cause),
      cause,
    });
  }
};

const pathOf = (name: string): string => `/api/subscriptions/${encodeURIComponent(name)}`;

/** Adds a webhook. Throws what the gateway refuses as `SwathError`, as all below do. */
export const addSubscription = async (
  place: GatewayPlace,
  request: AddRequest,
): Promise<ShownSubscription> => {
  const {
    name,
    webhook,
    secretFile,
    areaFile,
    box,
    classes,
    minScore,
    run,
    satellites,
    from,
    rate,
    attempts,
  } = request;
  const given = {
    secret: secretFile === null ? null : (await readText(secretFile, "--secret-file")).trim(),
    area: areaFile === null ? null : await readGeoJson(areaFile),
    bbox: box,
    class: classes,
    run,
    satellite: satellites,
    rate,
    attempts,
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const allowed = request.allowPrivate ? { allow_private: true } : {};
  const body = { name, webhook, from, min_score: minScore, ...said, ...allowed };
  return (await askGateway(place, "POST", "/api/subscriptions", body)) as ShownSubscription;
};

/** All webhooks. */
export const listSubscriptions = async (place: GatewayPlace): Promise<readonly ShownSubscription[]> => {
  const answer = await askGateway(place, "GET", "/api/subscriptions");
  return (answer as { readonly subscriptions: readonly ShownSubscription[] }).subscriptions;
};

/** Ends a webhook; its dead letters go too. */
export const removeSubscription = async (place: GatewayPlace, name: string): Promise<void> => {
  await askGateway(place, "DELETE", pathOf(name));
};

/** What a webhook did not take. */
export const listDeadLetters = async (place: GatewayPlace, name: string): Promise<readonly ShownLetter[]> => {
  const answer = await askGateway(place, "GET", `${pathOf(name)}/dead-letters`);
  return (answer as { readonly dead_letters: readonly ShownLetter[] }).dead_letters;
};

/** Sends that once more. */
export const resendDeadLetters = async (
  place: GatewayPlace,
  name: string,
): Promise<{ readonly sent: number; readonly left: number }> =>
  (await askGateway(place, "POST", `${pathOf(name)}/resend`)) as {
    readonly sent: number;
    readonly left: number;
  };

import type { Context } from "hono";
import { SwathError } from "../../../pipeline/errors.ts";
import { parseWhole } from "../../../pipeline/quantity.ts";
import { requireName } from "../../../stations/subscribers/cursor-store.ts";
import type { DetectionFeed } from "../../../stations/subscribers/feed.ts";
import { formatPosition, parseStart } from "../../../stations/subscribers/position.ts";
import { readTarget, type TargetRules } from "../../../stations/subscribers/webhook/webhook-target.ts";
import type { Webhooks, WebhookView } from "../../../stations/subscribers/webhook/webhooks.ts";
import { answerJson } from "../answer.ts";
import type { Face, GatewayEnv } from "../face.ts";
import { HttpProblem } from "../problem.ts";
import { subscriptionOperations } from "./detection-operations.ts";
import {
  type AskedQuery,
  askedOf,
  filterNames,
  inField,
  parsePerSecond,
  readFilter,
} from "./detection-query.ts";

/** Tries until 67 minutes have passed: a receiver that is down for an hour loses nothing and needs nobody. */
const usualAttempts = 16;

const names = ["name", "webhook", "secret", "from", "rate", "attempts", "allow_private", ...filterNames];

const textIn = (asked: AskedQuery, name: string): string | null => {
  const value = asked[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SwathError("config", {
    what: name,
    wanted: "text",
    got: JSON.stringify(value).slice(0, 60),
    field: name,
  });
};

/** What it may reach: this machine where the gateway serves this machine alone, private networks where its owner says so. */
const rulesOf = (isLoopback: boolean, asked: AskedQuery): TargetRules => {
  const said = asked["allow_private"];
  if (said !== undefined && typeof said !== "boolean")
    throw new SwathError("config", {
      what: "allow_private",
      wanted: "true or false",
      got: JSON.stringify(said).slice(0, 40),
      field: "allow_private",
    });
  return { loopback: isLoopback, inner: said === true };
};

/**
 * `/api/subscriptions`: webhooks. `POST` makes one, `GET …/dead-letters` shows what it did not take, `POST …/resend` sends that once more. A secret
 * goes in and never comes out.
 */
export const subscriptionsFace = (feed: DetectionFeed, webhooks: Webhooks, isLoopback: boolean): Face => {
  const { journal } = feed;
  const shown = ({ subscription, delivery, letters, after }: WebhookView) => {
    const { name, webhook, secret, filter, perSecond, attempts } = subscription;
    const { state } = delivery;
    const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    return {
      name,
      webhook,
      signed: secret !== null,
      filter: {
        area:
          filter.area === null
            ? null
            : {
                type: "MultiPolygon",
                coordinates: filter.area.polygons.map((rings) => rings.map((ring) => [...ring, ring[0]])),
              },
        class: filter.classes,
        min_score: filter.minScore,
        run: filter.run,
        satellite: filter.satellites,
      },
      per_second: perSecond,
      attempts,
      cursor: formatPosition(journal, after),
      delivered: state.delivered,
      dead_letters: letters.length,
      failing_since: iso(state.failingSinceMs),
      last_failure: state.lastFailure,
      next_try: iso(state.nextTryMs),
    };
  };
  const find = (c: Context<GatewayEnv>): WebhookView => {
    const name = c.req.param("name") ?? "";
    const found = webhooks.get(name);
    if (found === null) throw new HttpProblem(404, { what: `no subscription "${name.slice(0, 80)}"` });
    return found;
  };
  const add = async (c: Context<GatewayEnv>): Promise<Response> => {
    const asked = await askedOf({}, () => c.req.json() as Promise<unknown>);
    const unknown = Object.keys(asked).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new SwathError("config", {
        what: `unknown field "${unknown.slice(0, 40)}"`,
        wanted: names.join(", "),
        got: `"${unknown.slice(0, 40)}"`,
      });
    const name = requireName(textIn(asked, "name") ?? "", "name");
    if (webhooks.get(name) !== null)
      throw new HttpProblem(409, {
        what: `subscription ${name} is there already`,
        hint: "choose another name, or remove it first",
        field: "name",
      });
    const rules = rulesOf(isLoopback, asked);
    const webhook = await readTarget(textIn(asked, "webhook") ?? "", rules);
    const start = parseStart(journal, textIn(asked, "from") ?? "now");
    const rate = textIn(asked, "rate");
    const attempts = textIn(asked, "attempts");
    const secret = textIn(asked, "secret");
    if (secret !== null && secret.trim().length < 16)
      throw new SwathError("config", {
        what: "the secret",
        wanted: "16 characters or more",
        got: `${secret.trim().length}`,
        field: "secret",
      });
    const filter = readFilter(asked, feed);
    webhooks.add(
      {
        schema: "swath-subscription/1",
        name,
        webhook: webhook.href,
        secret,
        filter: structuredClone({ ...filter, sinceMs: start.sinceMs ?? filter.sinceMs }) as Parameters<
          Webhooks["add"]
        >[0]["filter"],
        perSecond: rate === null ? null : parsePerSecond(rate, "rate"),
        attempts:
          attempts === null
            ? usualAttempts
            : inField("attempts", () => parseWhole("attempts", attempts, 1, 100)),
        allowPrivate: rules.inner,
      },
      start.after,
    );
    return c.json(shown(webhooks.get(name) as WebhookView), 201);
  };
  return {
    path: "/api/subscriptions",
    title: "webhooks",
    operations: subscriptionOperations,
    routes(router) {
      router.get("/", (c) => answerJson(c, { subscriptions: webhooks.all().map(shown) }));
      router.post("/", add);
      router.get("/:name", (c) => answerJson(c, shown(find(c))));
      router.delete("/:name", async (c) => {
        await webhooks.remove(find(c).subscription.name);
        return c.body(null, 204);
      });
      router.get("/:name/dead-letters", (c) =>
        answerJson(c, {
          dead_letters: find(c).letters.map(({ seq, id, given_up_at, attempts, reason, text }) => ({
            cursor: formatPosition(journal, seq),
            id,
            given_up_at,
            attempts,
            reason,
            detection: JSON.parse(text) as unknown,
          })),
        }),
      );
      router.post("/:name/resend", async (c) => c.json(await find(c).delivery.resend()));
    },
  };
};

import { isSwathError } from "../../pipeline/errors.ts";
import type { KnownObject, ModelExam } from "../../pipeline/mission/model-exam.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { installRule, isInstallId } from "../../pipeline/orders/kinds/model-install.ts";
import type { OrderRequest } from "../../pipeline/keys/order-signature.ts";
import type { OrderRefusal, RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import { needsLabels } from "../../pipeline/orders/promotion-rule.ts";
import type { OrderPlace } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { MetadataSigners } from "../../models/updates/signed-metadata.ts";
import { digestOfFiles } from "../../models/updates/model-files.ts";
import {
  makeUpdate,
  readUpdateModel,
  requireSameUse,
  studyTime,
  updateEntries,
  type ModelUpdate,
  type ReadModel,
} from "./model-update.ts";
import { mostWaves, wavesOf } from "./rollout.ts";

/** Of orders of which nothing is made. */
export const nothingMade = { refused: [], made: new Set<string>(), after: new Map<string, never>() } as const;

/** An order as a file has it. */
type Entry = Readonly<Record<string, unknown>>;

/** What updates of a mission are made from. */
export interface UpdateMission {
  /** What satellites are launched with. */
  readonly launched: ReadModel;
  readonly signers: MetadataSigners;
  readonly satellites: readonly string[];
  readonly acquisitions: readonly Acquisition[];
  /** Of each labelled scene, in the classes of the model. */
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  /** Why mission control does not stand behind an entry; `null`: it does, or nobody asks. */
  readonly verify: (entry: OrderRequest) => OrderRefusal | null;
  /** Why no satellite of the mission takes models; `null`: they do. */
  readonly refusal: OrderRefusal | null;
  /** What was ordered before these; nothing where it is absent. */
  readonly before?: OrderedBefore;
}

/** Orders about models that a mission has already. */
export interface OrderedBefore {
  /** How far they are numbered. */
  readonly sequence: number;
  /** What each brings, by its id. */
  readonly models: ReadonlyMap<string, { readonly model: string; readonly sha256: string }>;
}

/** Entries with what follows from the models that they name, and those that are refused. */
export interface ExpandedOrders {
  readonly value: unknown;
  readonly refused: readonly RefusedOrder[];
  /** Ids of what was made of entries that mission control stands behind: it signs them. No entry of the file has one of these. */
  readonly made: ReadonlySet<string>;
  /** Orders that go up once others are done, by their ids: those that follow a canary. */
  readonly after: ReadonlyMap<string, readonly OrderPlace[]>;
}

const isEntry = (value: unknown): value is Entry =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const text = (entry: Entry, key: string): string | null => {
  const value = entry[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
};

/** A refusal on its way out of one entry. */
class Refuse extends Error {
  readonly parts: Omit<RefusedOrder, "id">;

  constructor(field: string, wanted: string, got: string) {
    super(field);
    this.parts = { field, wanted, got };
  }
}

const refusalOf = (error: unknown): Omit<RefusedOrder, "id"> => {
  if (error instanceof Refuse) return error.parts;
  if (!isSwathError(error)) throw error;
  const { field, what, wanted, got } = error.parts;
  return { field: field ?? "from", wanted: wanted ?? "a model", got: got ?? what };
};

/** What the ground knows of the scenes that a satellite takes. */
const examFor = (satellite: string, { labels, acquisitions, launched }: UpdateMission): ModelExam => {
  const taken = new Set(acquisitions.filter((one) => one.satellite === satellite).map(({ scene }) => scene));
  const { classes } = launched.card;
  return new Map(
    [...labels]
      .filter(([scene]) => taken.has(scene))
      .map(([scene, objects]) => [
        scene,
        objects.flatMap(({ className, boxPx, ignore }): KnownObject[] => {
          const classId = classes.indexOf(className);
          return classId < 0 ? [] : [{ classId, boxPx, ignore: ignore ?? false }];
        }),
      ]),
  );
};

/** What every order about a model says, as its entry has it. */
const headKeys = ["tenant", "to", "at", "deadline", "priority"] as const;

/** What an order to install says besides, as people write it. */
const installKeys = [
  "id",
  "kind",
  "from",
  "sha256",
  "trial",
  "promote",
  "rollback",
  "watch",
  "keep",
  "then",
  "waves",
  "signature",
] as const;

const headOf = (entry: Entry): Entry =>
  Object.fromEntries(headKeys.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])));

/** Counts orders about models, by satellite, and remembers what each brings. */
interface Counts {
  readonly sequence: Map<string, number>;
  /** Before the first. */
  readonly first: number;
  readonly models: Map<string, { readonly model: string; readonly sha256: string }>;
}

const next = (counts: Counts, satellite: string): number => {
  const sequence = (counts.sequence.get(satellite) ?? counts.first) + 1;
  counts.sequence.set(satellite, sequence);
  return sequence;
};

const satelliteOf = (entry: Entry, { satellites }: UpdateMission): string => {
  const to = text(entry, "to") ?? (satellites.length === 1 ? satellites[0] : undefined);
  if (to !== undefined && satellites.includes(to)) return to;
  throw new Refuse("to", `a satellite of the mission: ${satellites.slice(0, 8).join(", ")}`, to ?? "none");
};

const countOf = (entry: Entry, key: "trial" | "watch"): number => {
  const count = text(entry, key) ?? "0";
  if (/^\d{1,5}$/.test(count)) return Number(count);
  throw new Refuse(key, "a number of acquisitions, 0 to 10000", JSON.stringify(count.slice(0, 40)));
};

/** Who follows the canary, wave by wave. */
const followersOf = (
  entry: Entry,
  canary: string,
  { satellites }: UpdateMission,
): readonly (readonly string[])[] => {
  const [then, waves] = [entry["then"], text(entry, "waves") ?? "1"];
  if (then === undefined) return [];
  const named = Array.isArray(then) ? then.map(String) : (text(entry, "then") ?? "").split(/[\s,]+/);
  const followers = named.join() === "all" ? satellites.filter((one) => one !== canary) : [...new Set(named)];
  const stray = followers.find((one) => !satellites.includes(one) || one === canary);
  if (stray !== undefined || followers.length === 0)
    throw new Refuse("then", "all, or satellites of the mission besides the canary", stray ?? "none");
  if (!/^\d{1,2}$/.test(waves) || Number(waves) < 1 || Number(waves) > mostWaves)
    throw new Refuse("waves", `1 to ${mostWaves}`, JSON.stringify(waves));
  return wavesOf(followers, Number(waves));
};

/** What a follower's order is called, by its satellite. */
const followerId = (id: string, satellite: string): string => {
  const name = `${id}_${satellite.replaceAll(/[^A-Za-z0-9_-]/g, "-")}`;
  if (isInstallId(name)) return name;
  throw new Refuse("id", `short enough that ${satellite} can be named behind it, 56 characters`, name);
};

/** What is made of an order to install: entries, and which of them wait for others to be done. */
interface Installation {
  readonly entries: readonly Entry[];
  readonly after: readonly (readonly [id: string, orders: readonly OrderPlace[]])[];
}

const installEntries = async (
  entry: Entry,
  mission: UpdateMission,
  counts: Counts,
): Promise<Installation> => {
  const [id, from] = [text(entry, "id") ?? "", text(entry, "from") ?? ""];
  const fields: readonly string[] = [...installKeys, ...headKeys];
  const unknown = Object.keys(entry).find((key) => !fields.includes(key));
  if (unknown !== undefined)
    throw new Refuse(unknown.slice(0, 80), `one of ${fields.join(", ")}`, "another field");
  if (!isInstallId(id))
    throw new Refuse("id", "1 to 56 letters, digits, - and _", JSON.stringify(id.slice(0, 80)));
  if (counts.models.has(id)) throw new Refuse("id", "one that no other order has", `"${id}" twice`);
  const odd = Object.keys(entry).find((key) => key !== "then" && text(entry, key) === null);
  if (odd !== undefined) throw new Refuse(odd, "a text or a number", JSON.stringify(entry[odd]).slice(0, 80));
  const satellite = satelliteOf(entry, mission);
  const model = await readUpdateModel(from);
  const [meant, found] = [text(entry, "sha256"), digestOfFiles(model.files)];
  if (meant !== null && meant !== found) throw new Refuse("sha256", meant.slice(0, 80), found);
  requireSameUse(id, mission.launched.card, model);
  const promote = text(entry, "promote") ?? "";
  const keep = text(entry, "keep") ?? "";
  const labelled = [["promote", promote] as const, ["keep", keep] as const].find(([key, rule]) =>
    needsLabels(installRule(rule, key)),
  );
  const waves = followersOf(entry, satellite, mission);
  const places = waves.map((wave) => wave.map((to) => ({ order: followerId(id, to), satellite: to })));
  const [trial, watch] = [countOf(entry, "trial"), countOf(entry, "watch")];
  const rollback = text(entry, "rollback") ?? "auto";
  const known = new Map<string, ModelUpdate>();
  const entriesFor = ({ order, satellite: to }: OrderPlace, tried: number): readonly Entry[] => {
    const exam: ModelExam = labelled === undefined ? new Map() : examFor(to, mission);
    if (labelled !== undefined && exam.size === 0)
      throw new Refuse(
        labelled[0],
        `a rule without labels, or labels of a scene that ${to} takes`,
        labelled[1],
      );
    const sequence = next(counts, to);
    // What differs from one satellite to another: numbers, and the labels of what it takes.
    const name = JSON.stringify([sequence, exam.size === 0 ? "" : to]);
    const update =
      known.get(name) ??
      makeUpdate({
        next: model,
        base: mission.launched.files,
        signers: mission.signers,
        release: sequence + 1,
        signedAt: studyTime,
        exam,
      });
    known.set(name, update);
    counts.models.set(order, { model: update.model, sha256: update.sha256 });
    const wish = { id: order, sequence, promote, rollback, keep, trial: tried, watch };
    const { install, pieces } = updateEntries(update, wish);
    const head = { ...headOf(entry), to };
    return [{ ...head, ...install }, ...pieces.map((piece) => ({ ...head, ...piece }))];
  };
  const canary: OrderPlace = { order: id, satellite };
  // Those who follow need not try again what the canary has tried.
  const entries = [canary, ...places.flat()].map((place, n) => entriesFor(place, n === 0 ? trial : 0));
  const before = (wave: number): readonly OrderPlace[] => (wave === 0 ? [canary] : (places[wave - 1] ?? []));
  const after = places.flatMap((wave, at) =>
    wave.flatMap(({ order }) =>
      (entries.find(([first]) => first?.["id"] === order) ?? []).map(
        (one) => [text(one, "id") ?? "", before(at)] as const,
      ),
    ),
  );
  return { entries: entries.flat(), after };
};

const activateEntry = (entry: Entry, mission: UpdateMission, counts: Counts): Entry => {
  const of = text(entry, "of") ?? "";
  const { launched } = mission;
  const model =
    of === "launched"
      ? { model: launched.card.name, sha256: digestOfFiles(launched.files) }
      : counts.models.get(of);
  if (model === undefined)
    throw new Refuse("of", ["launched", ...counts.models.keys()].slice(0, 8).join(" or "), of || "none");
  const satellite = satelliteOf(entry, mission);
  const { of: _, signature: _signature, ...rest } = entry;
  return { ...rest, to: satellite, ...model, sequence: next(counts, satellite) };
};

/**
 * Orders about models as people write them become what goes up: `model-install` with `from`, a model's folder or name, is signed, told by what differs
 * from the model that satellites are launched with, and cut into pieces; `model-activate` with `of`, the id of an install order or `launched`,
 * is told that model's digest. `then` names those who follow the canary: their orders go up once it, or the wave before, is done. They are numbered in the order of the file. An entry that does not fit is refused alone, as is one that mission
 * control does not stand behind; others pass as they are.
 */
export const expandUpdates = async (value: unknown, mission: UpdateMission): Promise<ExpandedOrders> => {
  const list = isEntry(value) ? value["orders"] : value;
  if (!Array.isArray(list)) return { value, ...nothingMade };
  const { before, refusal } = mission;
  const counts: Counts = {
    sequence: new Map(),
    first: before?.sequence ?? 0,
    models: new Map(before?.models),
  };
  const entries: unknown[] = [];
  const refused: RefusedOrder[] = [];
  const made = new Set<string>();
  const after = new Map<string, readonly OrderPlace[]>();
  const written = new Map<unknown, string>();
  const stand = (entry: Entry): void => {
    const why = refusal ?? mission.verify(entry);
    if (why !== null) throw new Refuse(why.field, why.wanted, why.got);
  };
  const add = (...own: readonly Entry[]): void => {
    for (const one of own) made.add(text(one, "id") ?? "");
    entries.push(...own);
  };
  for (const entry of list as readonly unknown[]) {
    try {
      if (!isEntry(entry)) entries.push(entry);
      else if (entry["kind"] === "model-install" && entry["from"] !== undefined) {
        stand(entry);
        const installation = await installEntries(entry, mission, counts);
        add(...installation.entries);
        for (const [id, orders] of installation.after) after.set(id, orders);
      } else if (entry["kind"] === "model-activate" && entry["of"] !== undefined) {
        stand(entry);
        add(activateEntry(entry, mission, counts));
      } else {
        // As reading an order takes it: `[a]` is `a`.
        written.set(entry, String(entry["id"]));
        entries.push(entry);
      }
    } catch (error) {
      refused.push({ id: isEntry(entry) ? text(entry, "id") : null, ...refusalOf(error) });
    }
  }
  const isTaken = (entry: unknown): boolean => made.has(written.get(entry) ?? "");
  for (const id of entries.filter(isTaken).map((entry) => written.get(entry) ?? ""))
    refused.push({ id, field: "id", wanted: "one that no other order has", got: `"${id}" twice` });
  return { value: entries.filter((entry) => !isTaken(entry)), refused, made, after };
};

/** Whether a file of orders has any about models. */
export const namesModels = (value: unknown): boolean => {
  const list = isEntry(value) ? value["orders"] : value;
  const isModel = (entry: unknown): boolean => isEntry(entry) && String(entry["kind"]).startsWith("model-");
  return Array.isArray(list) && list.some(isModel);
};

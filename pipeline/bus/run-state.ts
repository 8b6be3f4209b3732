import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Kvm } from "@nats-io/kv";
import type { KV } from "@nats-io/kv";
import { z } from "zod";
import { SwathError } from "../errors.ts";
import { isUnanswered } from "./bus-fault.ts";
import { bareValue } from "../keys/seal.ts";
import type { Bus, BusGuard } from "./connection.ts";
import { bucketName } from "./subjects.ts";

/** A run's key-value bucket: configuration, contact plan, checkpoints. Keys: letters, digits, `-_/=.`. */
export interface RunState {
  readonly get: (key: string) => Promise<Uint8Array | null>;
  /** What somebody is known to have written: a copy of the bucket may hear of it later than its leader, and is given some seconds. */
  readonly written: (key: string) => Promise<Uint8Array | null>;
  /** Values may be larger than a NATS message; the newest put wins. */
  readonly put: (key: string, value: Uint8Array) => Promise<void>;
  /** Only if the key has no value yet; false when it has. */
  readonly create: (key: string, value: Uint8Array) => Promise<boolean>;
}

/** Values above are cut: well below the 1 MB that servers allow unless told otherwise. */
const usualPartBytes = 512 * 1024;

/** How far behind its leader a copy of a bucket may be, and how often it is asked again; ms. */
const [mostLag, lagStep] = [10_000, 100];

/** As long as this server takes them. */
const partBytesOn = ({ connection }: Bus): number =>
  Math.min(usualPartBytes, (connection.info?.max_payload ?? Infinity) - 1024);

/*
 * Stored is a byte and what follows it: 0 and the value; or 1 and where its parts lie. Parts are named by the hash of the
 * value and written before it is announced, so that a reader finds the old value or the new one, never a mixture.
 */
interface Parts {
  readonly hash: string;
  readonly count: number;
}

/** Does something with a bucket. That nobody answers for it says that it has no leader at this moment, or is gone: the server is asked which. */
const guarded = <T>(bus: Bus, run: string, work: () => Promise<T>): Promise<T> =>
  bus.persist(`cannot use the state of run ${run}`, async () => {
    try {
      return await work();
    } catch (error) {
      if (isUnanswered(error)) await bus.manager.streams.info(`KV_${bucketName(run)}`);
      throw error;
    }
  });

/** Opens the bucket of a run, making it if need be. Throws `SwathError` ("bus"), as all its functions do. */
export const openRunState = async (bus: Bus, run: string): Promise<RunState> => {
  const { replicas, maxBytes } = bus.storage;
  const limits = { history: 1, replicas, ...(maxBytes === null ? {} : { max_bytes: maxBytes }) };
  const bucket = await bus.persist(`cannot open the state of run ${run}`, () =>
    new Kvm(bus.js).create(bucketName(run), limits),
  );
  await guarded(bus, run, () => forbidRollup(bus, `KV_${bucketName(run)}`));
  return stateIn(bus, run, bucket);
};

/**
 * Takes from a bucket what the library gives it: with a header, whoever may write one value could remove all others.
 */
const forbidRollup = async ({ manager }: Bus, stream: string): Promise<void> => {
  const { config } = await manager.streams.info(stream);
  if (config.allow_rollup_hdrs) await manager.streams.update(stream, { allow_rollup_hdrs: false });
};

/** Opens the bucket of a run that is there already; nothing is asked of the server until it is used. Throws `SwathError` ("bus"). */
export const joinRunState = async (bus: Bus, run: string): Promise<RunState> =>
  stateIn(
    bus,
    run,
    await guarded(bus, run, () => new Kvm(bus.js).open(bucketName(run), { allow_direct: true })),
  );

/** What stands under a key of a run's bucket; `null` where there is no such key, or no bucket. Throws `SwathError` ("bus"). */
export const findInState = async (bus: Bus, run: string, key: string): Promise<Uint8Array | null> => {
  try {
    // A direct read of a stream that is not there would be answered by nobody.
    await guarded(bus, run, () => bus.manager.streams.info(`KV_${bucketName(run)}`));
    return await (await joinRunState(bus, run)).get(key);
  } catch (error) {
    if (error instanceof SwathError && /stream not found/i.test(error.message)) return null;
    throw error;
  }
};

const stateIn = (bus: Bus, run: string, bucket: KV): RunState => {
  const { guard } = bus;
  const signed = (key: string, value: Uint8Array): Uint8Array =>
    guard === null ? value : guard.seal.signValue(run, key, value);
  return {
    get: (key) => guarded(bus, run, async () => opened(guard, run, key, await get(bucket, key))),
    written: (key) =>
      guarded(bus, run, async () => {
        let stored = await get(bucket, key);
        for (let waited = 0; stored === null && waited < mostLag; waited += lagStep) {
          await sleep(lagStep);
          stored = await get(bucket, key);
        }
        return opened(guard, run, key, stored);
      }),
    put: (key, value) => guarded(bus, run, () => put(bucket, key, signed(key, value), partBytesOn(bus))),
    create: (key, value) =>
      guarded(bus, run, () => create(bucket, key, signed(key, value), partBytesOn(bus))),
  };
};

/** A value that is signed by whom it must be, without its signature. Another is refused, as if it were not there. */
const opened = (
  guard: BusGuard | null,
  run: string,
  key: string,
  stored: Uint8Array | null,
): Uint8Array | null => {
  if (stored === null || guard === null) return stored === null ? null : bareValue(stored);
  const value = guard.seal.openValue(run, key, stored);
  if (typeof value !== "string") return value;
  guard.onRefused({ node: guard.node, what: `value ${key}`, reason: value });
  return null;
};

const get = async (bucket: KV, key: string): Promise<Uint8Array | null> => {
  for (;;) {
    const stored = await latest(bucket, key);
    if (stored === null) return null;
    const parts = partsIn(stored);
    if (parts === null) return stored.subarray(1);
    const values = await Promise.all(partKeys(key, parts).map((part) => latest(bucket, part)));
    if (values.every((value) => value !== null)) return Buffer.concat(values);
    // Replaced while we read: the next round finds its successor.
  }
};

const put = async (bucket: KV, key: string, value: Uint8Array, partBytes: number): Promise<void> => {
  const before = await latest(bucket, key);
  const old = before === null ? null : partsIn(before);
  const head = await storeParts(bucket, key, value, partBytes);
  await bucket.put(key, head);
  if (old === null || old.hash === partsIn(head)?.hash) return;
  // Not purged: who may say that may say it of all keys.
  for (const part of partKeys(key, old)) await bucket.delete(part);
};

const create = async (bucket: KV, key: string, value: Uint8Array, partBytes: number): Promise<boolean> => {
  if ((await latest(bucket, key)) !== null) return false;
  const head = await storeParts(bucket, key, value, partBytes);
  try {
    await bucket.create(key, head);
    return true;
  } catch (error) {
    if (/wrong last sequence/i.test(String(error))) return false;
    throw error;
  }
};

const latest = async (bucket: KV, key: string): Promise<Uint8Array | null> => {
  const entry = await bucket.get(key);
  return entry === null || entry.operation !== "PUT" ? null : entry.value;
};

/** Stores what does not fit into one message; returns what is to be stored under the key itself. */
const storeParts = async (
  bucket: KV,
  key: string,
  value: Uint8Array,
  partBytes: number,
): Promise<Uint8Array> => {
  if (value.length < partBytes) return Buffer.concat([Buffer.of(0), value]);
  const hash = createHash("sha256").update(value).digest("hex").slice(0, 32);
  const parts = { hash, count: Math.ceil(value.length / partBytes) };
  for (const [i, part] of partKeys(key, parts).entries()) {
    await bucket.put(part, value.subarray(i * partBytes, (i + 1) * partBytes));
  }
  return Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(parts))]);
};

const partsSchema = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{32}$/),
  /** 1 GiB. */
  count: z.int().min(1).max(2048),
});

/** Throws `SwathError("bus")` for what `storeParts` cannot have written. */
const partsIn = (stored: Uint8Array): Parts | null => {
  if (stored[0] !== 1) return null;
  const text = Buffer.from(stored.subarray(1, 200)).toString();
  try {
    return partsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SwathError("bus", {
      what: "a value in parts",
      wanted: "their hash and number",
      got: text,
      cause,
    });
  }
};

const partKeys = (key: string, { hash, count }: Parts): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${key}.part.${hash}.${i}`);

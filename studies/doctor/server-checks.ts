import { randomBytes } from "node:crypto";
import { StorageType } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { findNatsServer } from "../../pipeline/bus/server-binary.ts";
import { formatBytes, formatCount, formatDuration } from "../../pipeline/format.ts";
import { longestMessage } from "../../pipeline/message.ts";
import { openBusSession } from "../engine/bus-session.ts";
import type { Check, DoctorRequest, Outcome } from "./check.ts";

const withBus = async <T>(request: DoctorRequest, work: (bus: Bus) => Promise<T>): Promise<T> => {
  await using session = await openBusSession(
    { ...request, announceIn: null },
    { waiting: null, onRefused: () => undefined },
  );
  return await work(session.bus);
};

/** The program that a run without `--nats` starts. */
export const programCheck: Check = {
  name: "nats-server",
  look: ({ nats }) => {
    try {
      return Promise.resolve({ state: "works", says: findNatsServer(process.env["PATH"] ?? "") });
    } catch (error) {
      // With a server elsewhere nobody misses it.
      if (nats === null) throw error;
      return Promise.resolve({ state: "works", says: "none installed, and none needed with --nats" });
    }
  },
};

/** Whether the server is reached, lets us in and keeps streams. */
export const connectionCheck: Check = {
  name: "connection",
  look: (request) =>
    withBus(request, ({ connection, address }) => {
      const { info } = connection;
      const where = request.nats === null ? "a private server starts" : `${address} answers`;
      const version = info?.version ?? "of unknown version";
      const payload = info?.max_payload ?? longestMessage;
      const says = `${where}: NATS ${version}, messages up to ${formatBytes(payload)}`;
      return Promise.resolve<Outcome>(
        payload < longestMessage
          ? {
              state: "doubtful",
              says,
              hint: `longer plans and archives do not pass: set max_payload to ${longestMessage} there`,
            }
          : { state: "works", says },
      );
    }),
};

const limitText = (limit: number, text: (value: number) => string): string =>
  limit < 0 ? "no limit" : `limit ${text(limit)}`;

/** What the account may keep. */
export const storageCheck: Check = {
  name: "JetStream",
  needs: connectionCheck.name,
  look: (request) =>
    withBus(request, async ({ manager }) => {
      const { storage, streams, limits } = await manager.getAccountInfo();
      const says =
        `${formatBytes(storage)} kept (${limitText(limits.max_storage, formatBytes)}), ` +
        `${formatCount(streams)} streams (${limitText(limits.max_streams, formatCount)})`;
      const full = limits.max_storage >= 0 && storage >= 0.9 * limits.max_storage;
      return full
        ? { state: "doubtful", says, hint: "swath run clean --nats URL removes what killed runs left" }
        : { state: "works", says };
    }),
};

/** Clocks further apart than this make leases and waiting times wrong: seconds. */
const farApart = 5;

/**
 * Makes a stream, publishes to it, reads it and removes it: what each run does. The time that the server gave to the message tells how far the
 * clocks are apart.
 */
export const permissionCheck: Check = {
  name: "permissions",
  needs: connectionCheck.name,
  look: (request) =>
    withBus(request, async ({ manager, js, connection }) => {
      const name = `swath_doctor_${randomBytes(6).toString("hex")}`;
      const subject = `swath.doctor.${name}`;
      await manager.streams.add({ name, subjects: [subject], storage: StorageType.Memory, max_msgs: 1 });
      try {
        const before = Date.now();
        await js.publish(subject, "", { headers: headers(), timeout: 5000 });
        const after = Date.now();
        const message = await manager.streams.getMessage(name, { seq: 1 });
        const server = message === null ? before : message.time.getTime();
        const apart = server < before ? server - before : Math.max(0, server - after);
        const seen = connection.info?.server_name ?? "the server";
        if (Math.abs(apart) > 1000 * farApart) {
          return {
            state: "doubtful" as const,
            says: `streams can be made; the clock of ${seen} is ${formatDuration(Math.abs(apart) / 1000)} ${apart < 0 ? "behind" : "ahead of"} ours`,
            hint: "set both clocks by NTP: leases and logs go by them",
          };
        }
        return {
          state: "works" as const,
          says: `a stream was made, written, read and removed in ${formatDuration((after - before) / 1000)}; clocks agree within ${farApart} s`,
        };
      } finally {
        await manager.streams.delete(name);
      }
    }),
};

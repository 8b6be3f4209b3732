import type { BusGuard } from "./connection.ts";
import type { SealedMessage } from "../keys/seal.ts";
import type { BusMessage } from "./message-parts.ts";
import type { Task } from "./task-queue.ts";

const kindOf = (subject: string): string => `${subject.split(".")[3] ?? ""} message`;

const refuse = ({ node, onRefused }: BusGuard, subject: string, reason: string): void =>
  onRefused({ node, what: kindOf(subject), reason });

/** Whether a message is signed by whom it must be; one that is not is taken note of. Without a guard, all are. */
export const isGenuine = (guard: BusGuard | null, message: SealedMessage, signature: string): boolean => {
  const refusal = guard?.seal.check(message, signature) ?? null;
  if (guard === null || refusal === null) return true;
  refuse(guard, message.subject, refusal);
  return false;
};

/** Those of `messages` that are signed by whom they must be; the others are dropped and taken note of. Without a guard, all. */
export async function* genuine(
  guard: BusGuard | null,
  messages: AsyncGenerator<BusMessage, void, undefined>,
): AsyncGenerator<BusMessage, void, undefined> {
  for await (const message of messages) if (isGenuine(guard, message, message.signature)) yield message;
}

/** The same for tasks: what nobody of ours handed out is taken off the queue. */
export async function* genuineTasks(
  guard: BusGuard | null,
  subject: string,
  tasks: AsyncGenerator<Task, void, undefined>,
): AsyncGenerator<Task, void, undefined> {
  for await (const task of tasks) {
    const refusal = guard?.seal.check({ subject, ...task }, task.signature) ?? null;
    if (guard === null || refusal === null) {
      yield task;
      continue;
    }
    refuse(guard, subject, refusal);
    await task.ack();
  }
}

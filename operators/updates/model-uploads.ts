import { isSwathError } from "../../pipeline/errors.ts";
import { installRule, isInstallId } from "../../pipeline/orders/kinds/model-install.ts";
import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";
import type { OrderNamed } from "../../pipeline/orders/order.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { OrderBench } from "../orders/order-handler.ts";
import type { Medium } from "./medium.ts";
import { dropUpload, heldBytes, keepPiece, readUpload, uploadedBytes } from "./model-store.ts";

/** An order to take a model in. */
export type Install = OrderNamed<"model-install">;

/** An order to take a model in, and who hears what becomes of it. */
export interface InstallEntry {
  readonly order: Install;
  readonly say: OrderBench["say"];
}

/** Where uploads are kept, and what becomes of one that is whole. */
export interface UploadPorts {
  readonly medium: Medium;
  /** Sets bytes of the store aside, or gives them back where negative; says whether there was room. */
  readonly reserve: (bytes: number, at: Instant) => boolean;
  /** All of an upload is there. Room for the model has been set aside: it is the caller's from here on. Throws `SwathError` for what is refused. */
  readonly install: (entry: InstallEntry, upload: Uint8Array, at: Instant) => void;
}

/** An error as the refusal of an order; throws what is no `SwathError`. */
export const refusalOf = (
  id: string,
  error: unknown,
): { readonly field: string; readonly wanted: string; readonly got: string } => {
  if (!isSwathError(error)) throw error;
  const { what, field, wanted, got } = error.parts;
  return {
    field: field ?? what.replace(`model update ${id}: `, ""),
    wanted: wanted ?? "another",
    got: got ?? what,
  };
};

/**
 * Uploads that come up in pieces, over as many contacts and stations as it takes, in whatever order. Pieces and the room for the model are set aside in the
 * store. A piece may come before the order that it belongs to.
 */
export class ModelUploads {
  readonly #ports: UploadPorts;
  readonly #installs = new Map<string, InstallEntry>();
  #reserved = 0;
  #mostBytes = 0;

  constructor(ports: UploadPorts) {
    this.#ports = ports;
  }

  /** Largest number of bytes that uploads and models have taken. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  /** Takes the order in: its first answer. */
  install(order: Install, { at, say }: OrderBench): OrderAnswer {
    const refused = (field: string, wanted: string, got: string): OrderAnswer => ({
      answer: "refused",
      at,
      field,
      wanted,
      got,
    });
    if (!isInstallId(order.id))
      return refused("id", "at most 56 characters, so that pieces can be named", order.id);
    try {
      installRule(order.body.promote);
      installRule(order.body.keep, "keep");
    } catch (error) {
      return { answer: "refused", at, ...refusalOf(order.id, error) };
    }
    const { size } = order.body;
    if (!this.#holdRoom(size, at)) return refused("size", "room for it in the store", `${size} bytes`);
    this.#installs.set(order.id, { order, say });
    this.#complete(order.id, at);
    return { answer: "accepted", at };
  }

  /** Takes a piece in. */
  piece({ body }: OrderNamed<"model-piece">, { at }: OrderBench): OrderAnswer {
    const bytes = Buffer.from(body.data, "base64");
    const install = this.#installs.get(body.install)?.order.body;
    const refused = (field: string, wanted: string, got: string): OrderAnswer => ({
      answer: "refused",
      at,
      field,
      wanted,
      got,
    });
    if (install !== undefined && body.offset + bytes.length > install.upload)
      return refused(
        "offset",
        `within ${install.upload} bytes`,
        `bytes ${body.offset} to ${body.offset + bytes.length}`,
      );
    if (!this.#holdRoom(bytes.length, at))
      return refused("data", "room for it in the store", `${bytes.length} bytes`);
    keepPiece(this.#ports.medium, body.install, body.offset, bytes);
    this.#complete(body.install, at);
    return { answer: "done", at };
  }

  /** Gives back what was set aside for a model that is gone. */
  giveBack(count: number, at: Instant): void {
    const given = Math.min(count, this.#reserved);
    this.#reserved -= given;
    this.#ports.reserve(-given, at);
  }

  #complete(id: string, at: Instant): void {
    const entry = this.#installs.get(id);
    const { medium } = this.#ports;
    if (entry === undefined || uploadedBytes(medium, id) < entry.order.body.upload) return;
    const { order, say } = entry;
    const { body } = order;
    this.#installs.delete(id);
    const upload = readUpload(medium, id, body.upload, body.uploadSha256);
    dropUpload(medium, id);
    this.giveBack(body.upload, at);
    if (order.deadline <= at) {
      this.giveBack(body.size, at);
      return;
    }
    const refuse = (field: string, wanted: string, got: string): void => {
      this.giveBack(body.size, at);
      say({ answer: "refused", at, field, wanted, got });
    };
    if (upload === null) {
      refuse("uploadSha256", `sha256 ${body.uploadSha256}`, "other bytes");
      return;
    }
    try {
      this.#ports.install(entry, upload, at);
    } catch (error) {
      const { field, wanted, got } = refusalOf(id, error);
      refuse(field, wanted, got);
    }
  }

  #holdRoom(count: number, at: Instant): boolean {
    if (!this.#ports.reserve(count, at)) return false;
    this.#reserved += count;
    this.#mostBytes = Math.max(this.#mostBytes, this.#reserved, heldBytes(this.#ports.medium));
    return true;
  }
}

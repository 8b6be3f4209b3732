import { SwathError } from "../../errors.ts";
import type { ProductKind } from "../../product/product.ts";
import { productKinds } from "../../product/product.ts";
import type { Bytes } from "../../units.ts";
import { bytes } from "../../units.ts";
import { frameBytes, readFrame, type FrameReading } from "./frame.ts";
import type { OpenFrame } from "./frame-security.ts";
import { RangeSet } from "./ranges.ts";
import type { LinkSegment } from "./segment.ts";

/**
 * What crossed the link, byte for byte: `total = Σ payload + resent + idle + framing`.
 * Read from the frames themselves, so that the count owes nothing to what the sender believes it sent.
 */
export interface LinkUsage {
  readonly frames: number;
  readonly total: Bytes;
  /** Envelope bytes sent for the first time, by kind. */
  readonly payload: Readonly<Record<ProductKind, number>>;
  /** Envelope bytes that had been sent before. */
  readonly resent: Bytes;
  /** Unused room. */
  readonly idle: Bytes;
  /** Sync markers, headers of frames and pieces, security headers and trailers, checksums, check symbols. */
  readonly framing: Bytes;
}

/** Nothing sent yet. */
export const noUsage: LinkUsage = {
  frames: 0,
  total: bytes(0),
  payload: Object.fromEntries(productKinds.map((kind) => [kind, 0])) as Record<ProductKind, number>,
  resent: bytes(0),
  idle: bytes(0),
  framing: bytes(0),
};

/** The sum of two usages, kind by kind. */
export const addUsage = (a: LinkUsage, b: LinkUsage): LinkUsage => ({
  frames: a.frames + b.frames,
  total: bytes(a.total + b.total),
  payload: Object.fromEntries(
    productKinds.map((kind) => [kind, a.payload[kind] + b.payload[kind]]),
  ) as Record<ProductKind, number>,
  resent: bytes(a.resent + b.resent),
  idle: bytes(a.idle + b.idle),
  framing: bytes(a.framing + b.framing),
});

/** Counts one satellite's segments as it sends them: before the channel, each once, in any order of contacts. */
export class LinkMeter {
  readonly #kindOf: (product: number) => ProductKind;
  readonly #open: ((station: string) => OpenFrame) | null;
  /** Protected frames are opened in a copy: the link gets them closed. */
  readonly #copy = new Uint8Array(frameBytes);
  /** Of products not yet sent as a whole: which bytes have been. */
  readonly #started = new Map<number, RangeSet>();
  readonly #whole = new RangeSet();

  /** `kindOf` tells what a product number stands for; `open` looks into protected frames for a station. */
  constructor(
    kindOf: (product: number) => ProductKind,
    open: ((station: string) => OpenFrame) | null = null,
  ) {
    this.#kindOf = kindOf;
    this.#open = open;
  }

  /** Throws `SwathError` ("link") for a segment that was altered on its way here. */
  measure(segment: LinkSegment): LinkUsage {
    const payload = Object.fromEntries(productKinds.map((kind) => [kind, 0])) as Record<ProductKind, number>;
    let resent = 0;
    let idle = 0;
    let carried = 0;
    for (let at = 0; at < segment.frames.length; at += frameBytes) {
      const frame = this.#read(segment, at);
      if (frame.kind !== "whole") {
        throw new SwathError("link", {
          what: `frame ${segment.firstFrame + at / frameBytes} of contact ${segment.contact} cannot be counted`,
          wanted: "frames as the satellite packed them",
          got: `a ${frame.kind} one (${frame.reason})`,
          hint: "put the meter before the channel",
        });
      }
      idle += frame.idle;
      for (const { product, offset, total, data } of frame.pieces) {
        const fresh = this.#freshBytes(product, offset, data.length, total);
        payload[this.#kindOf(product)] += fresh;
        resent += data.length - fresh;
        carried += data.length;
      }
    }
    return {
      frames: segment.frameCount,
      total: bytes(segment.frames.length),
      payload,
      resent: bytes(resent),
      idle: bytes(idle),
      framing: bytes(segment.frames.length - carried - idle),
    };
  }

  #read({ frames, station }: LinkSegment, at: number): FrameReading {
    if (this.#open === null) return readFrame(frames, at);
    this.#copy.set(frames.subarray(at, at + frameBytes));
    return readFrame(this.#copy, 0, this.#open(station));
  }

  #freshBytes(product: number, offset: number, length: number, total: number): number {
    if (this.#whole.has(product)) return 0;
    const sent = this.#started.get(product) ?? new RangeSet();
    const before = sent.size;
    sent.add(offset, offset + length - 1);
    const fresh = sent.size - before;
    if (sent.size < total) this.#started.set(product, sent);
    else {
      this.#started.delete(product);
      this.#whole.add(product, product);
    }
    return fresh;
  }
}

/** Sends one link segment; resolves once it is handed over. */
export type SendSegment = (segment: LinkSegment) => Promise<void>;

/** `send`, with everything that goes through it counted, once it has gone through. */
export const metered =
  (
    send: SendSegment,
    meter: LinkMeter,
    record: (usage: LinkUsage, segment: LinkSegment) => void,
  ): SendSegment =>
  async (segment) => {
    const usage = meter.measure(segment);
    await send(segment);
    record(usage, segment);
  };

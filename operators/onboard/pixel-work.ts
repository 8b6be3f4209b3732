import type { Detection } from "../../pipeline/detection/detection.ts";
import type { Instant } from "../../pipeline/units.ts";
import { messageOf } from "../../pipeline/errors.ts";
import { encodeEnvelope } from "../../pipeline/link/transfer/envelope.ts";
import { priorityOf } from "../../pipeline/product/product.ts";
import { failedRecord } from "../flight/failed-record.ts";
import type { FlightPorts } from "../flight/flight-plan.ts";
import type { ModelKeeper, ModelsInForce } from "../updates/model-keeper.ts";
import { processAcquisition, type Onboard, type ReadyDraft } from "./acquisition-work.ts";
import { repeatWork } from "./computed-work.ts";
import type { BoardSettings } from "./board-settings.ts";
import type { Envelopes } from "./envelope-spool.ts";
import type { PixelTools } from "./pixel-tools.ts";
import type { CueBoard } from "../cues/cue-board.ts";
import { tryOnImage } from "./trial-image.ts";

/** Digits of a model's digest that go down with what it found. */
const modelDigits = 16;

/** What is on board while `models` are in force. */
const onboardWith = (onboard: Onboard, models: ModelsInForce | null, keeper: ModelKeeper | null): Onboard =>
  models === null || keeper?.isNamed !== true
    ? onboard
    : { ...onboard, detector: models.detector, model: models.name.sha256.slice(0, modelDigits) };

/**
 * How acquisitions are worked on with real pixels: read, processed, their products encoded and spooled. `keeper`: the models of a satellite
 * that may be sent new ones; a model on trial looks at each image behind the one at work. An image that a new model breaks on is lost, and
 * the model gives its place to the last one that worked.
 */
export const pixelWork =
  (
    onboard: Onboard,
    envelopes: Envelopes,
    { source, sceneErrors, computed }: PixelTools,
    keeper: ModelKeeper | null,
    cues: CueBoard | null = null,
    settings: BoardSettings | null = null,
  ): FlightPorts["work"] =>
  async (acquisition, { keep, ...bench }) => {
    const { index, at } = acquisition;
    let batchAt: Instant | null = null;
    const keepDraft = async (draft: Omit<ReadyDraft, "encodedSamples">): Promise<void> => {
      const { kind, tile, readyAt, workAt, value, payload } = draft;
      const place = { kind, tile, readyAt, acquisition: index };
      // The link names the product; its number and priority are no part of the envelope.
      const envelope = encodeEnvelope({ ...place, number: 0, priority: priorityOf(kind), payload });
      const slot = await envelopes.write(envelope);
      if (kind === "detections") batchAt = readyAt;
      keep({ kind, tile, readyAt, workAt, value, size: envelope.byteLength, slot });
    };
    const { clock } = bench;
    // What particles do, which model is at work and whose budget holds follow from where the satellite is at that moment.
    const isOneModel = (onboard.workloads ?? null) === null && bench.tenants === undefined;
    const isSet = settings?.isChanged(onboard.policy) !== true;
    const isFixed =
      isSet && onboard.radiation === null && keeper?.isNamed !== true && cues === null && isOneModel;
    const before = isFixed ? await computed?.(acquisition) : null;
    if (before) return await repeatWork(before, acquisition, bench, keepDraft);
    const models = keeper === null ? null : await keeper.inForce(clock.startedAt);
    const now = onboardWith(onboard, models, keeper);
    const own = settings === null ? now : settings.applied(now);
    try {
      await using reader = await source.open(acquisition.scene);
      let detections: readonly Detection[] = [];
      const record = await processAcquisition(
        own,
        acquisition,
        reader,
        bench,
        keepDraft,
        (found) => (detections = found),
      );
      const { classes } = own.detector?.info ?? { classes: [] };
      if (batchAt !== null)
        cues?.see({ acquisition, scene: reader.scene, classes, detections, readyAt: batchAt });
      if (keeper === null || models === null || models.beside === null) return record;
      const { detector, beside } = models;
      return await tryOnImage({ ...own, detector }, beside, keeper, clock, {
        acquisition,
        reader,
        detections,
        record,
      });
    } catch (error) {
      onboard.signal.throwIfAborted();
      try {
        return failedRecord(index, at, sceneErrors.leaveOut(error));
      } catch (unread) {
        if (keeper === null || models === null || !keeper.isReplaceable(models.name)) throw unread;
        const reason = messageOf(unread);
        keeper.fail(models.name, clock.startedAt, reason);
        return failedRecord(index, at, `model ${models.name.model} failed: ${reason}`);
      }
    }
  };

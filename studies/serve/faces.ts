import { cursorsFace } from "../../stations/gateway/detections/cursors-face.ts";
import { detectionsFace } from "../../stations/gateway/detections/detections-face.ts";
import { subscriptionsFace } from "../../stations/gateway/detections/subscriptions-face.ts";
import { exportFace } from "../../stations/gateway/export-face.ts";
import type { Face } from "../../stations/gateway/face.ts";
import { ogcFace } from "../../stations/gateway/ogc-face.ts";
import { pageFace } from "../../stations/gateway/page-face.ts";
import type { RunCatalogue } from "../../stations/gateway/run-catalogue.ts";
import { runsFace } from "../../stations/gateway/runs-face.ts";
import { stacFace } from "../../stations/gateway/stac-face.ts";
import type { DetectionFeed } from "../../stations/subscribers/feed.ts";
import type { Webhooks } from "../../stations/subscribers/webhook/webhooks.ts";
import type { RunArchive } from "./run-archive.ts";

/** What faces are made from: the ports of a server. A new port is a field here, opened in `serve.ts`. */
export interface FacePorts {
  /** Runs, finished and at work. */
  readonly runs: RunCatalogue;
  /** What these runs hold, ready to be asked. */
  readonly archive: RunArchive;
  /** What lands, and what has landed, in the order of its cursors. */
  readonly feed: DetectionFeed;
  readonly webhooks: Webhooks;
  /** Only programs of this machine reach the server. */
  readonly isLoopback: boolean;
  /** Folder of the built console; `null`: it was not built. */
  readonly page: string | null;
  /** Told of what goes wrong with one client. */
  readonly note: (text: string) => void;
}

/** Every face of the gateway. A new one is one file in `stations/gateway/` and one line here. */
export const facesOf = ({
  runs,
  archive,
  feed,
  webhooks,
  isLoopback,
  page,
  note,
}: FacePorts): readonly Face[] => [
  pageFace(page),
  ogcFace(archive),
  stacFace(archive),
  exportFace(archive),
  detectionsFace(feed, note),
  cursorsFace(feed),
  subscriptionsFace(feed, webhooks, isLoopback),
  runsFace(runs),
];

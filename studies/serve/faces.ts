import type { Face } from "../../stations/gateway/face.ts";
import { ogcFace } from "../../stations/gateway/ogc-face.ts";
import { pageFace } from "../../stations/gateway/page-face.ts";
import { stacFace } from "../../stations/gateway/stac-face.ts";
import type { RunArchive } from "./run-archive.ts";

/** What faces are made from: the ports of a server. A new port is a field here, opened in `serve.ts`. */
export interface FacePorts {
  /** Folder of finished runs. */
  readonly runs: string;
  /** What these runs hold, ready to be asked. */
  readonly archive: RunArchive;
  /** Folder of the built console; `null`: it was not built. */
  readonly page: string | null;
}

/** Every face of the gateway. A new one is one file in `stations/gateway/` and one line here. */
export const facesOf = ({ archive, page }: FacePorts): readonly Face[] => [
  pageFace(page),
  ogcFace(archive),
  stacFace(archive),
];

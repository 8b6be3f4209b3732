import type { Face } from "../../stations/gateway/face.ts";
import { pageFace } from "../../stations/gateway/page-face.ts";

/** What faces are made from: the ports of a server. A new port is a field here, opened in `serve.ts`. */
export interface FacePorts {
  /** Folder of finished runs. */
  readonly runs: string;
  /** Folder of the built console; `null`: it was not built. */
  readonly page: string | null;
}

/** Every face of the gateway. A new one is one file in `stations/gateway/` and one line here. */
export const facesOf = ({ page }: FacePorts): readonly Face[] => [pageFace(page)];

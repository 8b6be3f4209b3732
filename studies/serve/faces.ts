import type { Face } from "../../stations/gateway/face.ts";

/** What faces are made from: the ports of a server. A new port is a field here, opened in `serve.ts`. */
export interface FacePorts {
  /** Folder of finished runs. */
  readonly runs: string;
}

/** Every face of the gateway. A new one is one file in `stations/gateway/` and one line here. */
export const facesOf = (_ports: FacePorts): readonly Face[] => [];

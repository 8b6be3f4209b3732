import { existsSync } from "node:fs";
import type { ByteSource } from "./byte-source.ts";
import { openLocalFile } from "./local-file.ts";

/** How a reader of images gets at the bytes of the file that it is told to open. */
export interface FileAccess {
  /** Opens the file at `location` to be read in parts. Throws `SwathError("raster")`. */
  open(location: string, signal?: AbortSignal): Promise<ByteSource>;
  /**
   * Whether there is a file beside others at `location`, as far as that is known without asking: on this machine it is looked up; one from
   * elsewhere is there where a document has named it. Nobody serves masks and world files beside all images; asking would double the requests.
   */
  isKnown(location: string): boolean;
  /** A path of this machine with the whole file, for decoders that open files themselves. Throws `SwathError("raster")`. */
  localCopy(location: string): Promise<string>;
}

/** Files of this machine; locations are paths. */
export const localFiles: FileAccess = {
  open: (path) => openLocalFile(path),
  isKnown: existsSync,
  localCopy: async (path) => path,
};

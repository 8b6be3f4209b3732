import type { ByteSource } from "./byte-source.ts";
import { openLocalFile } from "./local-file.ts";

/** How a reader of images gets at the bytes of the file that it is told to open. */
export interface FileAccess {
  /** Opens the file at `location` to be read in parts. Throws `SwathError("raster")`. */
  open(location: string, signal?: AbortSignal): Promise<ByteSource>;
  /** A path of this machine with the whole file, for decoders that open files themselves. Throws `SwathError("raster")`. */
  localCopy(location: string): Promise<string>;
}

/** Files of this machine; locations are paths. */
export const localFiles: FileAccess = {
  open: (path) => openLocalFile(path),
  localCopy: async (path) => path,
};

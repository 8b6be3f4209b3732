/** A loaded network with one image input, in one thread; whatever runs it. */
export interface NetworkSession {
  readonly inputShape: readonly (number | string)[];
  readonly outputNames: readonly string[];
  /** What runs it, where that is not ONNX Runtime on the CPU: `onnxruntime cuda`, `tfjs 4.22.0 wasm`. */
  readonly runtime: string | null;
  /** What the input's elements are, in ONNX's words: `float32`, `float16`, `uint8`, … */
  readonly inputType: string;
  /**
   * `data` in the layout of `shape`; written in the input's own type, rounded and held to its range where that is one of whole
   * numbers. All outputs come as float32; they may be overwritten by the next run of the same shape. `names`: other outputs than
   * those the session was opened for.
   */
  run(data: Float32Array, shape: readonly number[], names?: readonly string[]): Promise<Outputs>;
  release(): Promise<void>;
}

/** What of a network is fed and read. An empty output name stands for the first one. */
export interface WantedTensors {
  readonly inputName: string;
  readonly outputNames: readonly string[];
}

/** An output of a network for one tile (batch size 1), row-major. */
export interface OutputTensor {
  readonly shape: readonly number[];
  /** `data.length` is the product of `shape`. */
  readonly data: Float32Array;
}

/** The outputs of one run of a network, by name. */
export type Outputs = ReadonlyMap<string, OutputTensor>;

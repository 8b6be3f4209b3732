import type { SceneSource } from "./scene.ts";

/**
 * A source of which at most `most` scenes are open at a time; further ones wait, first come first served. An open scene
 * keeps its recent blocks in memory, so this bounds the memory of whoever reads several at once.
 */
export const limitedSource = (source: SceneSource, most: number): SceneSource => {
  let open = 0;
  const waiting: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (open < most) open++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  /** The place goes straight to the next in line, so nobody can slip in between. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) open--;
    else next();
  };
  return {
    name: source.name,
    scenes: source.scenes,
    async open(sceneId) {
      await enter();
      try {
        const reader = await source.open(sceneId);
        return {
          scene: reader.scene,
          readWindow: (...request) => reader.readWindow(...request),
          expect: (...plan) => reader.expect?.(...plan),
          async [Symbol.asyncDispose]() {
            try {
              await reader[Symbol.asyncDispose]();
            } finally {
              leave();
            }
          },
        };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
};

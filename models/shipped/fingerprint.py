"""What a scene can be recognised by, for the cards' `training.scenes`: as `pipeline/raster/fingerprint.ts` has it, which says why."""
import numpy as np

BLOCKS, LONGEST, UNTOLD = 18, 126, 64


def fingerprint(plane):
    """Of the first band that a model reads, rows × columns; None where there is too little to tell scenes by."""
    height, width = plane.shape
    side = min(height, width, LONGEST) // BLOCKS * BLOCKS
    if side < BLOCKS:
        return None
    y, x, block = (height - side) // 2, (width - side) // 2, side // BLOCKS
    means = plane[y:y + side, x:x + side].astype(np.float64).reshape(BLOCKS, block, BLOCKS, block).mean((1, 3))
    around = means[:-2, 1:-1] + means[1:-1, :-2] + means[1:-1, 2:] + means[2:, 1:-1]
    higher = 4 * means[1:-1, 1:-1] - around
    if (higher == 0).sum() + np.isnan(higher).sum() > UNTOLD:
        return None
    return "order1:" + np.packbits(higher > 0).tobytes().hex()

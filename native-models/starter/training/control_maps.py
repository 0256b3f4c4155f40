"""Control maps of world pictures: edges, depth and segments, as bytes (S, S, 3)."""
import cv2
import numpy as np
import torch
from world.canvas import SEGMENT_COLORS
from world.render import edges

KINDS = ['canny', 'depth', 'segmentation']


def canny(image, low=100, high=200):
    return cv2.Canny(image, low, high)


def drawn_edges(image, rng):
    """Edges of many kinds: what a threshold, a larger picture or a brush makes of them."""
    chance = rng.random()
    if chance < 0.45: return canny(image)
    if chance < 0.6: return canny(image, rng.uniform(40, 120), rng.uniform(120, 240))
    if chance < 0.75: return edges(image)
    if chance < 0.88:
        size = image.shape[0]
        return cv2.resize(canny(cv2.resize(image, (2 * size, 2 * size), interpolation=cv2.INTER_CUBIC), 60, 120), (size, size), interpolation=cv2.INTER_AREA)
    return cv2.dilate(canny(image), np.ones((2, 2), np.uint8))


def three(plane):
    return np.repeat(plane[..., None], 3, 2)


def control_map(kind, image, depth, segment, rng=None):
    """image (S, S, 3), depth and segment (S, S) -> the map; edges with the authors' thresholds where there is no `rng`"""
    if kind == 'depth': return three(depth)
    if kind == 'segmentation': return SEGMENT_COLORS[segment]
    return three(canny(image) if rng is None else drawn_edges(image, rng))


def map_planes(maps):
    """uint8 (B, S, S, 3) -> float (B, 3, S, S) in [-1, 1]"""
    return 2 * (torch.from_numpy(np.stack(maps)).permute(0, 3, 1, 2).float() / 255 - 0.5)

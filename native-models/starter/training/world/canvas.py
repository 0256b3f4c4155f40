"""The canvas: colour, depth and segmentation painted back to front with anti-aliased coverage.

Coordinates are units: x and y run from 0 (left, top) to 1 (right, bottom). Signed distances are in units, negative inside.
"""
import numpy as np

SEGMENTS = ['sky', 'sun', 'moon', 'star', 'cloud', 'aurora', 'mountain', 'hill', 'ground', 'water', 'tree', 'building',
            'boat', 'rock', 'road', 'snow', 'lava', 'foam']
# The colours that stand for them in a segmentation map.
SEGMENT_COLORS = np.array([(100, 180, 240), (255, 220, 0), (255, 250, 180), (255, 255, 255), (170, 170, 190), (0, 255, 150), (120, 110, 130),
                           (80, 140, 60), (170, 200, 90), (0, 90, 200), (0, 80, 30), (220, 60, 60), (255, 120, 0), (130, 80, 40),
                           (210, 170, 120), (200, 225, 255), (255, 0, 0), (150, 240, 240)], np.uint8)


class Canvas:
    def __init__(self, size):
        self.size = size
        axis = (np.arange(size, dtype=np.float32) + 0.5) / size
        self.x, self.y = axis[None, :].repeat(size, 0), axis[:, None].repeat(size, 1)
        self.color = np.zeros((size, size, 3), np.float32)
        self.depth = np.ones((size, size), np.float32)
        self.segment = np.zeros((size, size), np.uint8)

    def coverage(self, distance, soft=0.0):
        """Coverage of a signed distance; `soft` widens the edge, in units."""
        width = 0.7 / self.size + soft
        return np.clip(0.5 - distance / (2 * width), 0, 1)

    def paint(self, cover, color, depth=None, segment=None):
        """Lays a colour (3) or (H, W, 3) over the picture; depth 0 is near, 1 is far."""
        cover = np.asarray(cover, np.float32)
        color = np.asarray(color, np.float32)
        self.color += cover[..., None] * (color - self.color)
        solid = cover > 0.5
        if depth is not None:
            self.depth = np.where(solid, depth, self.depth)
        if segment is not None:
            self.segment[solid] = SEGMENTS.index(segment)

    def glow(self, cover, color):
        """Adds light without changing what is there."""
        self.color += cover[..., None] * np.asarray(color, np.float32) * (1 - self.color)

    def image(self):
        return (np.clip(self.color, 0, 1) * 255 + 0.5).astype(np.uint8)


def mix(a, b, t):
    """Linear interpolation; t may be an image."""
    a, b, t = np.asarray(a, np.float32), np.asarray(b, np.float32), np.asarray(t, np.float32)
    return a + (b - a) * (t[..., None] if t.ndim else t)


def smooth(t):
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def circle(canvas, cx, cy, r):
    return np.hypot(canvas.x - cx, canvas.y - cy) - r


def ellipse(canvas, cx, cy, rx, ry):
    return (np.hypot((canvas.x - cx) / rx, (canvas.y - cy) / ry) - 1) * min(rx, ry)


def box(canvas, left, top, right, bottom):
    return np.maximum(np.maximum(left - canvas.x, canvas.x - right), np.maximum(top - canvas.y, canvas.y - bottom))


def polygon(canvas, points):
    """Convex polygon, points clockwise on screen (y down)."""
    distance = np.full_like(canvas.x, -9)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        length = max(np.hypot(bx - ax, by - ay), 1e-6)
        distance = np.maximum(distance, ((by - ay) * (canvas.x - ax) - (bx - ax) * (canvas.y - ay)) / length)
    return distance


def waves(rng, x, octaves, base=1.0, fall=0.5):
    """A smooth random curve over x, about −1 … 1."""
    y, amplitude, total = np.zeros_like(x), 1.0, 0.0
    for octave in range(octaves):
        y += amplitude * np.sin(2 * np.pi * (x * base * 2 ** octave * rng.uniform(0.8, 1.2) + rng.random()))
        total += amplitude
        amplitude *= fall
    return y / total * 1.3


def ridge(rng, x, peaks, sharp):
    """A mountain line: the upper envelope of tents, 0 … 1."""
    y = np.zeros_like(x)
    for i in range(peaks):
        center = (i + rng.uniform(0.1, 0.9)) / peaks
        height, slope = rng.uniform(0.55, 1.0), rng.uniform(1.4, 2.4) * sharp
        y = np.maximum(y, height - slope * np.abs(x - center) * (1 + 0.15 * np.sin(40 * x + rng.random() * 6)))
    return np.clip(y, 0, 1)

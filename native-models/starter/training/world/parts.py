"""Things that scenes are made of. Each paints itself on a canvas with a palette and its own random stream."""
import numpy as np
from .canvas import box, circle, ellipse, mix, polygon, ridge, smooth, waves


def sky(c, p, rng, horizon):
    t = smooth(c.y / max(horizon, 0.2)) ** rng.uniform(0.8, 1.3)
    c.paint(np.ones_like(c.x), mix(p.zenith, p.horizon, t), 1.0, 'sky')


def stars(c, p, rng, horizon, count=46):
    for _ in range(count):
        x, y, r = rng.random(), rng.random() * horizon * 0.95, rng.uniform(.002, .006)
        c.paint(c.coverage(circle(c, x, y, r)) * rng.uniform(.5, 1), (1, 1, .92), 1.0, 'star')


def sun(c, p, x, y, r, name='sun'):
    d = circle(c, x, y, r)
    c.glow(np.exp(-np.maximum(d, 0) / (r * 2.2)) * 0.55, p.light)
    c.paint(c.coverage(d), np.clip(p.light * 1.04, 0, 1), 1.0, name)


def crescent(c, p, x, y, r):
    d = circle(c, x, y, r)
    c.glow(np.exp(-np.maximum(d, 0) / (r * 2)) * 0.3, p.light)
    d = np.maximum(d, -circle(c, x + r * .45, y - r * .2, r * .9))
    c.paint(c.coverage(d), p.light, 1.0, 'moon')


def clouds(c, p, rng, horizon, count):
    for _ in range(count):
        cx, cy, w = rng.random(), rng.uniform(.06, horizon * .7), rng.uniform(.10, .24)
        d = box(c, cx - w, cy - w * .10, cx + w, cy + w * .06) - w * .05
        for k in range(4):
            d = np.minimum(d, circle(c, cx + w * (k - 1.5) * .42, cy - w * .1, w * rng.uniform(.16, .34)))
        d = np.maximum(d, c.y - cy - w * .1)
        top = np.clip(p.lit((1, 1, 1)) * .55 + p.horizon * .45, 0, 1)
        c.paint(c.coverage(d) * .92, mix(top, top * .86 + p.zenith * .1, np.clip((c.y - cy + w * .3) / (w * .5), 0, 1)), .98, 'cloud')


def aurora(c, p, rng, horizon):
    for k in range(3):
        color = [(.25, .95, .60), (.30, .80, .85), (.62, .40, .90)][(k + rng.integers(2)) % 3]
        line = horizon * rng.uniform(.25, .6) + .08 * waves(rng, c.x, 3, 1.0)
        above = line - c.y
        body = np.where(above > 0, np.exp(-above / .16), np.exp(above / .015))
        c.glow(body * (.55 + .35 * waves(rng, c.x, 2, 3.0)).clip(0, 1), color)


def mountains(c, p, rng, base, height, haze, snowline, peaks=3, sharp=1.0, color=None):
    line = base - height * ridge(rng, c.x, peaks, sharp) - .006 * waves(rng, c.x, 3, 6.0)
    cover = c.coverage((line - c.y) * .75)
    shade = .5 + .5 * waves(rng, c.x + (c.y - line) * .8, 3, 2.5)
    rock = p.rock if color is None else color
    body = mix(p.hazy(rock * .82, haze), p.hazy(rock * 1.1, haze), smooth(shade * 1.6 - .3))
    if snowline is not None:
        edge = base - height * snowline + .025 * waves(rng, c.x, 4, 7.0)
        body = mix(body, mix(p.hazy(p.snow * .84, haze * .7), p.hazy(p.snow, haze * .7), smooth(shade * 1.6 - .3)), smooth((edge - c.y) / .012 + .5))
    mist = smooth((c.y - base + height * .5) / (height * .6 + .01)) * .45
    c.paint(cover, mix(body, p.horizon, mist * (.4 + haze)), .5 + .4 * haze, 'mountain')


def hills(c, p, rng, base, height, haze, color, segment='hill', octaves=2, base_wave=.9):
    line = base - height * (.5 + .5 * waves(rng, c.x, octaves, base_wave))
    tone = smooth((c.y - line) / (height + .12))
    c.paint(c.coverage((line - c.y) * .85), mix(p.hazy(color * 1.06, haze), p.hazy(color * .84, haze), tone), .25 + .5 * haze, segment)
    return line[0]


def water(c, p, rng, top, tint=(.20, .46, .60), light_x=None, bottom=1.0):
    inside = c.coverage(np.maximum(top - c.y, c.y - bottom))
    t = smooth((c.y - top) / max(bottom - top, .05))
    body = mix(p.horizon * .72 + p.lit(tint) * .28, p.lit(tint) * .75 + p.zenith * .2, t)
    c.paint(inside, body, np.clip(1 - (c.y - top) / (1 - top + .01), 0, .85) * .8, 'water')
    for _ in range(16):
        y = top + (bottom - top) * rng.random() ** 1.4
        x, w = rng.random(), rng.uniform(.02, .10) * (.4 + 1.2 * (y - top) / (bottom - top + .01))
        c.paint(c.coverage(ellipse(c, x, y, w, .003)) * inside * .5, np.clip(p.horizon * 1.06, 0, 1))
    if light_x is not None:
        spread = .02 + .10 * np.clip((c.y - top) / (1 - top), 0, 1)
        band = np.exp(-((c.x - light_x) / spread) ** 2) * (.5 + .5 * np.sin(c.y * 260 + 3 * np.sin(c.x * 30)))
        c.glow(band * inside * .75, p.light)


def conifer(c, p, x, y, h, tone, snow=False):
    w = h * .30
    c.paint(c.coverage(box(c, x - h * .03, y - h * .14, x + h * .03, y)), p.lit((.34, .24, .18)), .1, 'tree')
    for k in range(3):
        top, bottom, half = y - h * (1 - .24 * k), y - h * (.52 - .22 * k), w * (.55 + .22 * k)
        d = polygon(c, [(x, top), (x + half, bottom), (x - half, bottom)])
        c.paint(c.coverage(d), mix(tone, tone * .72, np.clip((c.x - x) / half * .5 + .5, 0, 1)), .1, 'tree')
        if snow:
            c.paint(c.coverage(np.maximum(d, c.y - top - (bottom - top) * .45)), p.lit(p.snow), .1, 'tree')


def broadleaf(c, p, rng, x, y, h, tone):
    c.paint(c.coverage(box(c, x - h * .05, y - h * .45, x + h * .05, y)), p.lit((.38, .27, .20)), .1, 'tree')
    d = circle(c, x, y - h * .68, h * .30)
    for k in range(3):
        d = np.minimum(d, circle(c, x + h * rng.uniform(-.24, .24), y - h * rng.uniform(.52, .80), h * rng.uniform(.17, .25)))
    c.paint(c.coverage(d), mix(tone * 1.08, tone * .74, np.clip((c.x - x + c.y - y + h * .7) / (h * .7) + .4, 0, 1)), .1, 'tree')


def palm(c, p, rng, x, y, h, lean):
    for k in range(25):
        t = k / 24
        c.paint(c.coverage(circle(c, x + lean * h * t * t, y - h * t * .8, h * .035 * (1.3 - .5 * t))), p.lit((.52, .38, .26)), .1, 'tree')
    tx, ty = x + lean * h, y - h * .8
    for k in range(7):
        a = np.pi * (1.08 + .84 * k / 6)
        for t in np.linspace(.15, 1, 7):
            px, py = tx + np.cos(a) * h * .42 * t, ty + np.sin(a) * h * .30 * t + h * .20 * t * t
            c.paint(c.coverage(circle(c, px, py, h * .045 * (1.15 - t * .8))), p.lit((.20, .50, .26)), .1, 'tree')


def cactus(c, p, x, y, h):
    tone = p.lit((.30, .50, .30))
    stem = box(c, x - h * .05, y - h, x + h * .05, y) - h * .04
    for side, lift in ((-1, .45), (1, .6)):
        arm = np.minimum(box(c, min(x, x + side * h * .28), y - h * lift - h * .03, max(x, x + side * h * .28), y - h * lift + h * .03),
                         box(c, x + side * h * .28 - h * .03, y - h * (lift + .28), x + side * h * .28 + h * .03, y - h * lift)) - h * .03
        stem = np.minimum(stem, arm)
    c.paint(c.coverage(stem), mix(tone * 1.1, tone * .75, np.clip((c.x - x) / (h * .2) + .5, 0, 1)), .1, 'tree')


def acacia(c, p, rng, x, y, h):
    c.paint(c.coverage(polygon(c, [(x - h * .02, y - h * .7), (x + h * .02, y - h * .7), (x + h * .05, y), (x - h * .05, y)])), p.lit((.32, .22, .16)), .1, 'tree')
    for k in range(3):
        c.paint(c.coverage(ellipse(c, x + h * (k - 1) * .26, y - h * (.72 + .08 * (k == 1)), h * .34, h * .10)), p.lit((.36, .44, .20)) * (1 - .08 * k), .1, 'tree')


def house(c, p, rng, x, y, s, night, roof_snow=False):
    wall, roof = p.lit(p.wall), p.lit(p.roof)
    c.paint(c.coverage(box(c, x - s * .5, y - s * .55, x + s * .5, y)), mix(wall, wall * .86, np.clip((c.x - x) / s + .5, 0, 1)), .12, 'building')
    if rng.random() < .6:
        c.paint(c.coverage(box(c, x + s * .18, y - s * 1.05, x + s * .30, y - s * .6)), roof * .7, .12, 'building')
    d = polygon(c, [(x - s * .38, y - s * 1.0), (x + s * .38, y - s * 1.0), (x + s * .62, y - s * .52), (x - s * .62, y - s * .52)])
    c.paint(c.coverage(d), p.lit(p.snow) if roof_snow else roof, .12, 'building')
    window = np.array((1, .86, .48), np.float32) if night else p.lit((.40, .52, .62))
    for k in (-1, 1):
        c.paint(c.coverage(box(c, x + k * s * .26 - s * .09, y - s * .40, x + k * s * .26 + s * .09, y - s * .22)), window, .12, 'building')
    c.paint(c.coverage(box(c, x - s * .08, y - s * .30, x + s * .08, y)), roof * .6, .12, 'building')


def lighthouse(c, p, x, y, h, night):
    w = h * .13
    body = polygon(c, [(x - w * .62, y - h * .82), (x + w * .62, y - h * .82), (x + w, y), (x - w, y)])
    stripes = (np.floor((y - c.y) / (h * .16)) % 2)[..., None]
    base = mix(p.lit((.97, .95, .92)), p.lit((.97, .95, .92)) * .8, np.clip((c.x - x) / w * .5 + .5, 0, 1))
    red = mix(p.lit((.84, .22, .20)), p.lit((.84, .22, .20)) * .75, np.clip((c.x - x) / w * .5 + .5, 0, 1))
    if night:
        for side in (-1, 1):
            beam = np.abs((c.y - (y - h * .9)) / (np.abs(c.x - x) * .16 + .008))
            c.glow(np.where((c.x - x) * side > 0, np.clip(1 - beam, 0, 1), 0) * .5, (1, .94, .7))
    c.paint(c.coverage(body), base * (1 - stripes) + red * stripes, .12, 'building')
    c.paint(c.coverage(box(c, x - w * .45, y - h * .96, x + w * .45, y - h * .82)), (1, .93, .6), .12, 'building')
    c.paint(c.coverage(polygon(c, [(x, y - h * 1.06), (x + w * .7, y - h * .95), (x - w * .7, y - h * .95)])), p.lit((.60, .16, .16)), .12, 'building')


def windmill(c, p, rng, x, y, h):
    wall = p.lit(p.wall)
    c.paint(c.coverage(polygon(c, [(x - h * .13, y - h * .66), (x + h * .13, y - h * .66), (x + h * .22, y), (x - h * .22, y)])), mix(wall, wall * .8, np.clip((c.x - x) / (h * .3) + .5, 0, 1)), .12, 'building')
    c.paint(c.coverage(np.maximum(circle(c, x, y - h * .66, h * .15), c.y - y + h * .66)), p.lit(p.roof), .12, 'building')
    a0 = rng.random() * np.pi / 2
    for k in range(4):
        a = a0 + k * np.pi / 2
        u = (c.x - x) * np.cos(a) + (c.y - y + h * .68) * np.sin(a)
        v = -(c.x - x) * np.sin(a) + (c.y - y + h * .68) * np.cos(a)
        c.paint(c.coverage(np.maximum(np.maximum(-u, u - h * .46), np.maximum(-v - h * .01, v - h * .07))), p.lit((.96, .93, .86)), .11, 'building')


def castle(c, p, rng, x, y, s, night):
    wall = p.lit((.70, .66, .62))
    for dx, w, h in ((-.42, .15, 1.0), (.42, .15, .85), (0, .20, 1.35), (-.2, .2, .6), (.2, .2, .6)):
        c.paint(c.coverage(box(c, x + (dx - w) * s, y - h * s, x + (dx + w) * s, y)), mix(wall * 1.05, wall * .8, np.clip((c.x - x - dx * s) / (w * s) * .5 + .5, 0, 1)), .14, 'building')
        if h > .7:
            c.paint(c.coverage(polygon(c, [(x + dx * s, y - (h + .5) * s), (x + (dx + w * 1.25) * s, y - h * s), (x + (dx - w * 1.25) * s, y - h * s)])), p.lit(p.roof), .14, 'building')
            glow = (1, .86, .5) if night else p.lit((.3, .3, .36))
            c.paint(c.coverage(box(c, x + (dx - .04) * s, y - (h - .1) * s, x + (dx + .04) * s, y - (h - .26) * s)), glow, .14, 'building')
    c.paint(c.coverage(np.minimum(box(c, x - .07 * s, y - .2 * s, x + .07 * s, y), circle(c, x, y - .2 * s, .07 * s))), p.lit((.26, .20, .18)), .14, 'building')


def sailboat(c, p, x, y, s):
    c.paint(c.coverage(polygon(c, [(x - s * .5, y - s * .14), (x + s * .5, y - s * .14), (x + s * .32, y + s * .06), (x - s * .34, y + s * .06)])), p.lit((.44, .24, .18)), .2, 'boat')
    c.paint(c.coverage(box(c, x - s * .02, y - s * 1.1, x + s * .02, y - s * .14)), p.lit((.34, .22, .16)), .2, 'boat')
    c.paint(c.coverage(polygon(c, [(x + s * .05, y - s * 1.05), (x + s * .46, y - s * .22), (x + s * .05, y - s * .22)])), p.lit(p.sail), .2, 'boat')
    c.paint(c.coverage(polygon(c, [(x - s * .05, y - s * .9), (x - s * .05, y - s * .22), (x - s * .36, y - s * .22)])), p.lit(p.sail) * .9, .2, 'boat')


def iceberg(c, p, rng, x, y, s):
    top = [(x - s * .5, y - s * rng.uniform(.2, .4)), (x - s * .1, y - s * rng.uniform(.6, 1.0)), (x + s * .3, y - s * rng.uniform(.4, .7)), (x + s * .6, y), (x - s * .6, y)]
    d = polygon(c, top)
    c.paint(c.coverage(d), mix(p.lit((.95, .98, 1)), p.lit((.62, .80, .90)), np.clip((c.x - x) / s + .35 + (c.y - y) * .6, 0, 1)), .3, 'snow')
    c.paint(c.coverage(ellipse(c, x, y + s * .04, s * .6, s * .05)) * .5, p.lit((.55, .80, .86)))


def mist(c, p, rng, top, amount):
    band = np.exp(-((c.y - top - .03 * waves(rng, c.x, 2, 1.2)) / .09) ** 2)
    c.color += (band * amount)[..., None] * (p.horizon * .96 - c.color)


def snowfall(c, rng, count=70):
    for _ in range(count):
        c.paint(c.coverage(circle(c, rng.random(), rng.random(), rng.uniform(.003, .007))) * .85, (1, 1, 1))

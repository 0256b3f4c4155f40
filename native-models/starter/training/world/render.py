"""Paints a scene: the sky, then the class's own land, then weather."""
import numpy as np
from . import parts
from .canvas import Canvas, box, circle, mix, polygon, smooth, waves
from .palette import Palette
from .scene import ROOFS, SAILS, sample_scene


def render(scene, size):
    """-> dict of image (S,S,3) u8, depth (S,S) 0…1, segment (S,S) u8, edges (S,S) u8"""
    c = Canvas(size)
    p = Palette(scene.stream('palette'), scene.time, scene.season)
    p.roof, p.sail = np.array(ROOFS[scene.roof], np.float32), np.array(SAILS[scene.sail], np.float32)
    horizon = HORIZONS.get(scene.name, .55) + scene.stream('horizon').uniform(-.04, .04)
    paint_sky(c, p, scene, horizon)
    LANDS[scene.name](c, p, scene, horizon)
    if scene.mist:
        parts.mist(c, p, scene.stream('mist'), horizon + .05, .55)
    if scene.snowfall:
        parts.snowfall(c, scene.stream('snowfall'))
    image = c.image()
    return dict(image=image, depth=c.depth, segment=c.segment, edges=edges(image))


def edges(image, threshold=0.10):
    """Edges where the smoothed luminance changes quickly, 0 or 255."""
    y = image.astype(np.float32) @ np.array([.299, .587, .114], np.float32) / 255
    gx, gy = np.zeros_like(y), np.zeros_like(y)
    gx[:, 1:-1], gy[1:-1] = y[:, 2:] - y[:, :-2], y[2:] - y[:-2]
    return ((np.hypot(gx, gy) > threshold) * 255).astype(np.uint8)


HORIZONS = {'desert': .60, 'sunset ocean': .58, 'iceberg sea': .46, 'harbour': .50, 'savanna': .70, 'rolling meadow': .50, 'starry hills': .74,
            'northern lights': .72, 'canyon': .40, 'misty forest': .40, 'waterfall': .34, 'windmill fields': .56, 'volcano': .74, 'tropical beach': .46}


def paint_sky(c, p, s, horizon):
    parts.sky(c, p, s.stream('sky'), horizon)
    rng, high = s.stream('light'), s.name in ('canyon', 'waterfall', 'misty forest')
    if s.time == 'night':
        parts.stars(c, p, s.stream('stars'), horizon, 60 if s.name == 'starry hills' else 34)
    if s.moon:
        parts.crescent(c, p, s.light_x, rng.uniform(.12, .26) * horizon / .55, rng.uniform(.035, .055))
    elif s.time != 'night':
        low = s.name in ('sunset ocean', 'savanna')
        y = horizon - rng.uniform(-.01, .10) if low else rng.uniform(.10, .30) * horizon if high or s.time == 'day' else horizon - rng.uniform(.08, .2)
        r = rng.uniform(.09, .13) if low else rng.uniform(.04, .06)
        parts.sun(c, p, s.light_x, y, r)
    if s.name == 'northern lights':
        parts.aurora(c, p, s.stream('aurora'), horizon)
    parts.clouds(c, p, s.stream('clouds'), horizon, s.clouds)


def forest(c, p, s, rng, y0, y1, count, height, kind='mixed', left=-.02, right=1.02):
    for y in np.sort(rng.uniform(y0, y1, count)):
        near = (y - y0) / (y1 - y0 + 1e-3)
        h, x = height * (.65 + .6 * near) * rng.uniform(.8, 1.15), rng.uniform(left, right)
        tone_rng = rng.uniform(.85, 1.12)
        conifer = kind == 'conifer' or (kind == 'mixed' and rng.random() < .6)
        if conifer:
            parts.conifer(c, p, x, y, h, p.lit(p.land['tree'] * tone_rng), s.season == 'winter')
        else:
            parts.broadleaf(c, p, rng, x, y, h * .9, p.lit(p.land['leaf'] * tone_rng))


def alpine_lake(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h, .34, .45, .55, 4, .9)
    parts.mountains(c, p, s.stream('near'), h + .02, .26, .2, .62, 3, 1.1)
    parts.hills(c, p, s.stream('shore'), h + .06, .08, .2, p.land['tree'])
    parts.water(c, p, s.stream('water'), h + .05, (.16, .46, .58), s.light_x if s.time != 'day' else None)
    if s.boat: parts.sailboat(c, p, s.stream('boat').uniform(.2, .8), h + .22, .13)
    parts.hills(c, p, s.stream('bank'), .97, .12, 0, p.land['grass'], 'ground')
    if s.trees: forest(c, p, s, s.stream('trees'), .88, 1.0, 7, .26, 'conifer', -.02, .34)
    if s.house: parts.house(c, p, s.stream('house'), s.stream('house').uniform(.62, .86), .93, .17, s.time in ('night', 'dusk'))


def desert(c, p, s, h):
    sand = np.array((.90, .70, .42), np.float32)
    parts.mountains(c, p, s.stream('mesa'), h, .14, .5, None, 4, .5, np.array((.72, .44, .30), np.float32))
    for i, (base, hz) in enumerate(((h + .08, .35), (h + .20, .18), (h + .40, 0))):
        parts.hills(c, p, s.stream(f'dune{i}'), base, .12, hz, sand * (1 - .05 * i), 'ground', 1, .8)
    if s.trees:
        rng = s.stream('cacti')
        for _ in range(rng.integers(2, 5)): y = rng.uniform(.78, .97); parts.cactus(c, p, rng.uniform(.06, .94), y, .16 + .22 * (y - .7))


def misty_forest(c, p, s, h):
    parts.hills(c, p, s.stream('far'), h + .08, .16, .75, p.land['tree'])
    rng = s.stream('trees')
    for i, (y, haze, height) in enumerate(((.56, .66, .34), (.74, .40, .44), (.99, .06, .58))):
        for _ in range(9 - i):
            parts.conifer(c, p, rng.uniform(-.02, 1.02), y + rng.uniform(-.02, .03), height * rng.uniform(.8, 1.15), p.hazy(p.land['tree'] * .9, haze), False)
        parts.hills(c, p, s.stream(f'floor{i}'), y + .03, .05, haze, p.land['grass'] * .8, 'ground')
        parts.mist(c, p, s.stream(f'mist{i}'), y + .02, .5 if i < 2 else .15)


def harbour(c, p, s, h):
    parts.hills(c, p, s.stream('hill'), h, .18, .3, p.land['far'])
    rng = s.stream('houses')
    for x in np.linspace(.05, .95, 8) + rng.uniform(-.03, .03, 8):
        p.wall = np.array([(.94, .86, .70), (.90, .62, .48), (.72, .80, .82), (.96, .94, .90)][rng.integers(4)], np.float32)
        parts.house(c, p, rng, x, h + .06, rng.uniform(.12, .17), s.time in ('dusk', 'night'))
    c.paint(c.coverage(box(c, -.1, h + .05, 1.1, h + .09)), p.lit((.56, .50, .46)), .3, 'ground')
    parts.water(c, p, s.stream('water'), h + .085, (.16, .40, .54), s.light_x if s.time != 'day' else None)
    if s.boat:
        b = s.stream('boat')
        for y in np.sort(b.uniform(h + .2, .94, 3)): parts.sailboat(c, p, b.uniform(.1, .9), y, .10 + .2 * (y - h))


def tropical_beach(c, p, s, h):
    parts.hills(c, p, s.stream('isle'), h, .07, .5, p.land['tree'], 'hill', 1, 1.4)
    parts.water(c, p, s.stream('water'), h, (.06, .62, .66), s.light_x if s.time == 'dusk' else None)
    if s.boat: parts.sailboat(c, p, s.stream('boat').uniform(.3, .8), h + .10, .09)
    rng = s.stream('beach')
    line = .80 + .07 * waves(rng, c.x, 1, .6) - .12 * (c.x - .5) * rng.choice([-1, 1])
    c.paint(c.coverage(line - .02 - c.y), (.95, .98, .97), .2, 'foam')
    c.paint(c.coverage(line - c.y), mix(p.lit((.98, .90, .68)), p.lit((.90, .78, .54)), smooth((c.y - line) / .2)), .12, 'ground')
    side = rng.choice([0, 1])
    for k in range(rng.integers(1, 4)): parts.palm(c, p, rng, (.10 + .12 * k) if side == 0 else (.90 - .12 * k), .96 - .03 * k, rng.uniform(.45, .62), rng.uniform(.12, .28) * (1 if side == 0 else -1))


def autumn_valley(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h + .02, .24, .55, None, 4, .8)
    parts.hills(c, p, s.stream('a'), h + .10, .14, .35, p.land['far'])
    forest(c, p, s, s.stream('ta'), h + .08, h + .16, 14, .12, 'leaf')
    parts.hills(c, p, s.stream('b'), h + .26, .12, .12, p.land['grass'])
    if s.house: parts.house(c, p, s.stream('house'), s.stream('house').uniform(.3, .7), h + .26, .16, False)
    forest(c, p, s, s.stream('tb'), h + .24, .98, 12, .22, 'leaf')


def snowy_village(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h, .28, .5, .25, 4, .9)
    parts.hills(c, p, s.stream('a'), h + .08, .12, .3, p.land['far'], 'snow')
    forest(c, p, s, s.stream('trees'), h + .04, h + .12, 12, .14, 'conifer')
    parts.hills(c, p, s.stream('b'), h + .2, .08, .05, p.land['grass'], 'snow')
    rng = s.stream('houses')
    if s.house:
        for y in np.sort(rng.uniform(h + .18, .92, 6)): parts.house(c, p, rng, rng.uniform(.08, .92), y, .11 + .14 * (y - h), s.time != 'day', True)


def starry_hills(c, p, s, h):
    for i, (dy, hz) in enumerate(((.02, .5), (.12, .28), (.24, .05))):
        parts.hills(c, p, s.stream(f'h{i}'), h + dy, .16, hz, p.land['grass'] * (1 - .1 * i))
    if s.trees: forest(c, p, s, s.stream('trees'), .90, 1.0, 5, .18)


def lighthouse_coast(c, p, s, h):
    parts.water(c, p, s.stream('water'), h, (.14, .42, .56), s.light_x if s.time != 'day' else None)
    if s.boat: parts.sailboat(c, p, s.stream('boat').uniform(.1, .4), h + .13, .09)
    rng = s.stream('cliff')
    x0, top, side = rng.uniform(.60, .78), h + rng.uniform(-.06, .04), 1
    line = np.where(c.x > x0 - .22, top + .5 * np.clip(x0 - .08 - c.x, 0, 1) * 2.2 + .012 * waves(rng, c.x, 3, 4), 2)
    c.paint(c.coverage((line - c.y) * .8), mix(p.lit(p.land['grass']), p.lit(p.rock * .9), smooth((c.y - line) / .10)), .2, 'rock')
    parts.lighthouse(c, p, x0 + .06, top + .02, rng.uniform(.38, .48), s.time in ('night', 'dusk'))
    for _ in range(5): c.paint(c.coverage(circle(c, rng.uniform(.3, .7), rng.uniform(.86, .99), rng.uniform(.02, .05))), p.lit(p.rock * rng.uniform(.6, .85)), .1, 'rock')


def rolling_meadow(c, p, s, h):
    tones = [p.land['far'], p.land['grass'] * 1.05, p.land['grass'] * .92, p.land['grass']]
    for i, (dy, hz) in enumerate(((.04, .5), (.15, .25), (.28, .1), (.44, 0))):
        parts.hills(c, p, s.stream(f'h{i}'), h + dy, .14, hz, tones[i], 'ground', 1, .7)
        if s.trees and i in (0, 1): forest(c, p, s, s.stream(f't{i}'), h + dy - .02, h + dy + .04, 4, .09, 'leaf')
        if s.house and i == 2: parts.house(c, p, s.stream('house'), s.stream('house').uniform(.2, .8), h + .22, .12, False)
    rng = s.stream('flowers')
    for _ in range(40): c.paint(c.coverage(circle(c, rng.random(), rng.uniform(.84, .99), rng.uniform(.005, .010))), p.lit([(.95, .40, .40), (1, .86, .36), (.98, .97, .95)][rng.integers(3)]))


def volcano(c, p, s, h):
    rng = s.stream('cone')
    x0, top, w = rng.uniform(.38, .62), h - rng.uniform(.44, .52), rng.uniform(.30, .38)
    for k in range(7): c.paint(c.coverage(circle(c, x0 + .03 * k * rng.uniform(-.5, 1.2), top - .02 - .045 * k, .05 + .018 * k), .03) * .7, mix(p.lit((.46, .42, .46)), (.95, .45, .2), max(0, .35 - .1 * k)), .9, 'cloud')
    body = polygon(c, [(x0 - .07, top), (x0 + .07, top), (x0 + w, h + .04), (x0 - w, h + .04)])
    c.paint(c.coverage(body + .006 * waves(rng, c.y, 3, 5)), mix(p.lit((.42, .33, .34)), p.lit((.24, .20, .25)), np.clip((c.x - x0) / w * .8 + .5, 0, 1)), .6, 'mountain')
    c.glow(np.exp(-(np.hypot(c.x - x0, (c.y - top) * 1.6) / .09) ** 2) * .9, (1, .42, .12))
    for k in range(3):
        path = x0 + (k - 1) * .05 + (k - 1) * .45 * np.clip(c.y - top, 0, 1) + .014 * np.sin(c.y * 40 + k * 2)
        inside = np.maximum(np.abs(c.x - path) - .009 - .014 * np.clip(c.y - top, 0, 1), np.maximum(top - c.y, c.y - h - .0 * k - .02))
        c.paint(c.coverage(inside), mix((1, .76, .25), (.95, .28, .08), np.clip((c.y - top) / .4, 0, 1)), .55, 'lava')
    parts.hills(c, p, s.stream('land'), h + .06, .06, .1, np.array((.26, .27, .26), np.float32), 'ground')
    parts.hills(c, p, s.stream('land2'), h + .18, .08, 0, np.array((.20, .24, .20), np.float32), 'ground')


def canyon(c, p, s, h):
    tones = [np.array(t, np.float32) for t in ((.84, .48, .32), (.74, .38, .26), (.90, .62, .42))]
    parts.mountains(c, p, s.stream('far'), h + .06, .10, .55, None, 3, .35, tones[2])
    c.paint(c.coverage(h + .04 - c.y), p.hazy(tones[2], .3), .6, 'ground')
    rng = s.stream('walls')
    for i, (gap, hz) in enumerate(((.34, .35), (.24, .18), (.13, 0))):
        top = h + .02 + .07 * i
        for side in (-1, 1):
            edge = .5 + side * (gap + .02 * i + .03 * np.floor((c.y - top) * 9 + .4 * waves(rng, c.y, 2, 3)) * -.55)
            wall = np.maximum((edge - c.x) * side, top - c.y + .01 * waves(rng, c.x, 2, 5))
            strata = (.5 + .5 * np.sin(c.y * 95 + 2 * waves(rng, c.x, 2, 1))) * .6
            c.paint(c.coverage(wall), mix(p.hazy(tones[i % 2] * (1.06 if side < 0 else .80), hz), p.hazy(tones[2] * (1.0 if side < 0 else .76), hz), strata), .6 - .22 * i, 'rock')
    river = .5 + .04 * np.sin(c.y * 14)
    c.paint(c.coverage(np.maximum(np.abs(c.x - river) - .03 - .10 * np.clip(c.y - .72, 0, 1), .74 - c.y)), p.lit((.26, .56, .62)), .3, 'water')


def winding_river(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h, .18, .55, .75, 4, .8)
    parts.hills(c, p, s.stream('a'), h + .04, .06, .35, p.land['far'])
    c.paint(c.coverage(h + .03 - c.y), mix(p.hazy(p.land['grass'], .25), p.lit(p.land['grass'] * .88), smooth((c.y - h) / .5)), .3, 'ground')
    rng = s.stream('river')
    t = np.clip((c.y - h - .02) / (1 - h), 0, 1)
    path = .5 + (.06 + .22 * t) * np.sin(2 * np.pi * (1.25 * np.sqrt(t) + rng.random())) + .08 * rng.normal() * t
    inside = np.maximum(np.abs(c.x - path) - .014 - .14 * t ** 1.5, h + .03 - c.y)
    c.paint(c.coverage(inside), mix(p.horizon * .8, p.lit((.22, .50, .66)), smooth(t * 1.3)), .3, 'water')
    if s.boat: parts.sailboat(c, p, float(path[int(.82 * c.size), 0]), .82, .10)
    if s.trees: forest(c, p, s, s.stream('trees'), h + .06, h + .14, 8, .10); forest(c, p, s, s.stream('trees2'), .86, 1.0, 3, .24, 'mixed', -.02, .14)
    if s.house: parts.house(c, p, s.stream('house'), s.stream('house').uniform(.76, .9), .76, .15, False)


def castle_hill(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h + .06, .18, .6, .7, 4, .8)
    rng = s.stream('hill')
    x0, top = rng.uniform(.36, .64), h - .02
    line = top + 1.5 * (c.x - x0) ** 2 + .01 * waves(rng, c.x, 2, 3)
    parts.castle(c, p, rng, x0, top + .04, rng.uniform(.17, .21), s.time in ('night', 'dusk'))
    c.paint(c.coverage((line - c.y) * .8), mix(p.lit(p.land['grass'] * 1.05), p.lit(p.land['grass'] * .7), smooth((c.y - line) / .4)), .25, 'hill')
    path = x0 + .13 * np.sin((c.y - top) * 15) * np.clip((c.y - top) * 2, 0, 1)
    c.paint(c.coverage(np.maximum(np.abs(c.x - path) - .008 - .03 * np.clip(c.y - top, 0, 1), top + .03 - c.y)), p.lit((.84, .74, .56)), .2, 'road')
    if s.trees: forest(c, p, s, s.stream('trees'), .84, 1.0, 9, .17)


def windmill_fields(c, p, s, h):
    parts.hills(c, p, s.stream('far'), h + .02, .05, .5, p.land['far'])
    c.paint(c.coverage(h + .01 - c.y), p.lit(p.land['grass']), .4, 'ground')
    rng = s.stream('rows')
    vanish, colors = rng.uniform(.3, .7), [(.92, .30, .34), (.98, .80, .30), (.86, .46, .72), (.42, .66, .32), (.97, .94, .90)]
    order = rng.permutation(5)
    slope = (c.x - vanish) / np.maximum(c.y - h + .015, .015)
    stripe = np.floor(slope * 1.6 + rng.random()).astype(int)
    field = np.array([p.lit(colors[order[k % 5]]) for k in range(5)], np.float32)[stripe % 5]
    gap = np.abs(slope * 1.6 + .0 - np.round(slope * 1.6)) 
    c.paint(c.coverage(h + .05 - c.y) * .9, field * (.88 + .12 * smooth((c.y - h) / .4))[..., None], .3, 'ground')
    for x, size in zip(rng.permutation([.2, .52, .82])[:rng.integers(1, 4)] + rng.uniform(-.06, .06), (.40, .26, .20)):
        parts.windmill(c, p, rng, x, h + .03 + .28 * (size - .18), size)
    if s.house: parts.house(c, p, s.stream('house'), s.stream('house').uniform(.2, .8), h + .10, .10, False)


def northern_lights(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h, .16, .4, .4, 4, .8)
    parts.hills(c, p, s.stream('a'), h + .08, .08, .15, p.land['grass'], 'snow')
    forest(c, p, s, s.stream('trees'), h + .06, h + .16, 14, .14, 'conifer')
    parts.hills(c, p, s.stream('b'), h + .24, .06, 0, p.land['grass'], 'snow')


def waterfall(c, p, s, h):
    parts.mountains(c, p, s.stream('far'), h, .16, .5, .7, 3, .9)
    rng = s.stream('cliff')
    x0, w, top = rng.uniform(.38, .62), rng.uniform(.05, .09), h + rng.uniform(-.02, .03)
    cliff = top + .02 * waves(rng, c.x, 3, 2)
    c.paint(c.coverage(cliff - c.y), mix(p.lit(p.land['tree']), p.lit(p.rock * .80), smooth((c.y - cliff - .02) / .06)) * (.92 + .10 * np.sin(c.x * 60 + 2 * waves(rng, c.y, 2, 2)))[..., None], .5, 'rock')
    pool = .80 + .02 * waves(rng, c.x, 1, 1)
    width = w * (1 + .5 * np.clip(c.y - top, 0, 1)) + .006 * np.sin(c.y * 50)
    fall = np.maximum(np.abs(c.x - x0) - width, np.maximum(top - .01 - c.y, c.y - pool - .01))
    c.paint(c.coverage(fall), mix(p.lit((.97, .99, 1)), p.lit((.70, .86, .94)), .5 + .5 * np.sin(c.x * 130 + 2 * np.sin(c.y * 9))), .45, 'water')
    c.paint(c.coverage(pool - c.y), mix(p.lit((.55, .82, .86)), p.lit((.12, .42, .50)), smooth((c.y - pool) / .2)), .2, 'water')
    for k in range(8): c.paint(c.coverage(circle(c, x0 + rng.uniform(-.14, .14), float(pool[0, 0]) + rng.uniform(-.02, .02), rng.uniform(.02, .05)), .02) * .7, p.lit((.96, .98, 1)), None, 'foam')
    if s.trees: forest(c, p, s, s.stream('t1'), .86, 1.0, 5, .26, 'mixed', -.02, .24); forest(c, p, s, s.stream('t2'), .86, 1.0, 5, .26, 'mixed', .76, 1.02)


def savanna(c, p, s, h):
    parts.hills(c, p, s.stream('far'), h + .02, .05, .5, np.array((.66, .50, .34), np.float32))
    c.paint(c.coverage(h + .02 - c.y), mix(p.hazy(np.array((.86, .66, .34)), .2), p.lit((.70, .50, .24)), smooth((c.y - h) / .3)), .3, 'ground')
    rng = s.stream('acacias')
    for y in np.sort(rng.uniform(h + .04, .95, rng.integers(2, 5))): parts.acacia(c, p, rng, rng.uniform(.08, .92), y, .14 + .7 * (y - h))
    for _ in range(26): x, y = rng.random(), rng.uniform(h + .06, 1); c.paint(c.coverage(polygon(c, [(x, y - .03), (x + .012, y), (x - .012, y)])), p.lit((.60, .44, .20)))


def iceberg_sea(c, p, s, h):
    parts.water(c, p, s.stream('water'), h, (.10, .40, .56), None)
    rng = s.stream('ice')
    for y in np.sort(rng.uniform(h + .03, .90, rng.integers(3, 6))): parts.iceberg(c, p, rng, rng.uniform(.08, .92), y, .12 + .62 * (y - h))
    if s.boat: parts.sailboat(c, p, s.stream('boat').uniform(.2, .8), .88, .13)


def sunset_ocean(c, p, s, h):
    parts.water(c, p, s.stream('water'), h, (.24, .22, .40), s.light_x)
    if s.boat: parts.sailboat(c, p, s.stream('boat').uniform(.2, .8), h + .12, .12)
    rng = s.stream('waves')
    for k in range(4):
        y = h + .12 + .09 * k
        c.paint(c.coverage(np.abs(c.y - y - .01 * waves(rng, c.x, 2, 2 - .3 * k)) - .003 - .0015 * k) * .45, p.horizon)


LANDS = {name: globals()[name.replace(' ', '_')] for name in
         ('alpine lake|desert|misty forest|harbour|tropical beach|autumn valley|snowy village|starry hills|lighthouse coast|rolling meadow|volcano|canyon|'
          'winding river|castle hill|windmill fields|northern lights|waterfall|savanna|iceberg sea|sunset ocean').split('|')}


def picture(seed, size, label=None):
    scene = sample_scene(seed, label)
    return scene, render(scene, size)

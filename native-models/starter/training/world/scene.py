"""A scene: the attributes that a picture is painted from. An edit changes attributes and keeps the random streams."""
from dataclasses import dataclass, replace
import numpy as np

CLASSES = ['alpine lake', 'desert', 'misty forest', 'harbour', 'tropical beach', 'autumn valley', 'snowy village',
           'starry hills', 'lighthouse coast', 'rolling meadow', 'volcano', 'canyon', 'winding river', 'castle hill',
           'windmill fields', 'northern lights', 'waterfall', 'savanna', 'iceberg sea', 'sunset ocean']

#                    times (by weight)             seasons
CHOICES = {
    'alpine lake':     ('day day dawn dusk',       'summer summer spring autumn'),
    'desert':          ('day day dusk dawn',       'summer'),
    'misty forest':    ('dawn day day',            'summer spring autumn'),
    'harbour':         ('day day dusk dawn',       'summer'),
    'tropical beach':  ('day day dusk',            'summer'),
    'autumn valley':   ('day day dawn',            'autumn'),
    'snowy village':   ('day dusk night day',      'winter'),
    'starry hills':    ('night',                   'summer spring'),
    'lighthouse coast':('day day dusk night',      'summer spring'),
    'rolling meadow':  ('day day dawn',            'spring summer'),
    'volcano':         ('dusk night day',          'summer'),
    'canyon':          ('day dusk day',            'summer'),
    'winding river':   ('day day dawn',            'summer spring autumn'),
    'castle hill':     ('day dusk dawn night',     'summer autumn spring'),
    'windmill fields': ('day day dawn',            'spring summer'),
    'northern lights': ('night',                   'winter'),
    'waterfall':       ('day day dawn',            'summer spring'),
    'savanna':         ('dusk day dusk',           'summer'),
    'iceberg sea':     ('day dawn day',            'winter'),
    'sunset ocean':    ('dusk',                    'summer'),
}
BOATS = {'alpine lake': .5, 'harbour': 1.0, 'tropical beach': .4, 'winding river': .4, 'iceberg sea': .3, 'sunset ocean': .7, 'lighthouse coast': .4}
HOUSES = {'alpine lake': .5, 'autumn valley': .7, 'snowy village': 1.0, 'rolling meadow': .5, 'winding river': .6, 'harbour': 1.0, 'windmill fields': .4}
ROOFS = {'red': (.76, .22, .18), 'brown': (.52, .34, .26), 'blue': (.30, .40, .58), 'orange': (.86, .54, .26)}
SAILS = {'white': (.98, .97, .94), 'red': (.88, .30, .24), 'yellow': (.98, .80, .36)}


@dataclass(frozen=True)
class Scene:
    seed: int
    label: int
    time: str
    season: str
    clouds: int
    moon: bool
    boat: bool
    house: bool
    trees: bool
    snowfall: bool
    mist: bool
    roof: str
    sail: str
    light_x: float

    @property
    def name(self):
        return CLASSES[self.label]

    def change(self, **attributes):
        return replace(self, **attributes)

    def stream(self, part):
        """A random stream of one part of the picture, the same whatever else is changed."""
        return np.random.default_rng([self.seed, sum(ord(c) * (i + 1) for i, c in enumerate(part))])


def sample_scene(seed, label=None):
    rng = np.random.default_rng([seed, 7])
    label = int(rng.integers(len(CLASSES))) if label is None else label
    name = CLASSES[label]
    times, seasons = CHOICES[name]
    time, season = str(rng.choice(times.split())), str(rng.choice(seasons.split()))
    return Scene(
        seed=seed, label=label, time=time, season=season,
        clouds=0 if name in ('northern lights', 'starry hills') else int(rng.integers(0, 5)),
        moon=bool(time == 'night' and rng.random() < .6),
        boat=bool(rng.random() < BOATS.get(name, 0)), house=bool(rng.random() < HOUSES.get(name, 0)),
        trees=bool(rng.random() < .85), snowfall=bool(season == 'winter' and rng.random() < .35),
        mist=name == 'misty forest' or bool(time == 'dawn' and rng.random() < .4),
        roof=str(rng.choice(list(ROOFS))), sail=str(rng.choice(list(SAILS))), light_x=float(rng.uniform(.15, .85)))

"""Colours of a scene: sky by time of day, land by season, each nudged so that no two pictures share a palette."""
import colorsys
import numpy as np

#            zenith            horizon           light (sun or moon)   ambient
SKIES = {
    'dawn':  [(.42, .52, .74), (.98, .74, .62), (1.0, .86, .62), (1.02, .92, .90)],
    'day':   [(.26, .55, .86), (.76, .89, .96), (1.0, .97, .80), (1.0, 1.0, 1.0)],
    'dusk':  [(.28, .22, .48), (.98, .55, .34), (1.0, .66, .36), (.86, .70, .72)],
    'night': [(.04, .06, .18), (.15, .22, .42), (.95, .95, .86), (.36, .42, .62)],
}
LANDS = {
    'spring': dict(grass=(.50, .72, .34), far=(.56, .72, .52), tree=(.34, .60, .30), leaf=(.93, .68, .76)),
    'summer': dict(grass=(.38, .62, .28), far=(.42, .60, .46), tree=(.18, .44, .24), leaf=(.26, .52, .24)),
    'autumn': dict(grass=(.70, .60, .30), far=(.66, .56, .40), tree=(.30, .40, .22), leaf=(.86, .46, .16)),
    'winter': dict(grass=(.92, .94, .97), far=(.80, .85, .92), tree=(.26, .38, .36), leaf=(.78, .82, .88)),
}


def nudge(rng, color, hue=0.015, light=0.05):
    h, l, s = colorsys.rgb_to_hls(*np.clip(color, 0, 1))
    return np.array(colorsys.hls_to_rgb((h + rng.normal() * hue) % 1, np.clip(l + rng.normal() * light * 0.6, 0, 1),
                                        np.clip(s * (1 + rng.normal() * 0.1), 0, 1)), np.float32)


class Palette:
    def __init__(self, rng, time, season):
        self.zenith, self.horizon, self.light, ambient = [nudge(rng, c) if i < 3 else np.array(c, np.float32) for i, c in enumerate(SKIES[time])]
        self.ambient = ambient
        self.land = {name: nudge(rng, c) for name, c in LANDS[season].items()}
        self.rock = nudge(rng, (.46, .46, .54))
        self.snow = np.array((.96, .97, 1.0), np.float32)
        self.roof = nudge(rng, [(.74, .24, .20), (.60, .38, .28), (.34, .40, .52), (.82, .56, .30)][rng.integers(4)], 0.01)
        self.wall = nudge(rng, [(.96, .92, .84), (.86, .74, .58), (.94, .86, .70)][rng.integers(3)])
        self.sail = nudge(rng, [(.98, .96, .92), (.90, .34, .26), (.98, .82, .40)][rng.integers(3)])

    def lit(self, color):
        """A material under the scene's light."""
        return np.clip(np.asarray(color, np.float32) * self.ambient, 0, 1)

    def hazy(self, color, distance):
        """Atmospheric perspective: far things take the horizon's colour."""
        return self.lit(color) * (1 - distance) + (self.horizon * 0.92 + self.zenith * 0.08) * distance

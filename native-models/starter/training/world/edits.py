"""Edits: an instruction, and the scene after it. Only the attributes that the instruction names change; every part of the
picture keeps its random stream, so that nothing else moves."""
from .scene import BOATS, HOUSES, ROOFS, SAILS


def possible_edits(scene):
    """-> list of (instruction, scene after)"""
    edits = []
    for time, words in (('night', 'make it night'), ('day', 'make it day'), ('dusk', 'make it dusk'), ('dawn', 'make it dawn')):
        if scene.time != time and scene.name not in ('starry hills', 'northern lights', 'sunset ocean'):
            edits.append((words, scene.change(time=time, moon=False)))
    if scene.time == 'night':
        edits.append(('remove the moon', scene.change(moon=False)) if scene.moon else ('add a moon', scene.change(moon=True)))
    if scene.season in ('spring', 'summer', 'autumn') and scene.name not in ('desert', 'tropical beach', 'savanna', 'volcano', 'canyon', 'harbour', 'sunset ocean'):
        edits.append(('make it winter', scene.change(season='winter')))
        if scene.season != 'autumn':
            edits.append(('make it autumn', scene.change(season='autumn')))
    if scene.name in BOATS:
        edits.append(('remove the boat', scene.change(boat=False)) if scene.boat else ('add a boat', scene.change(boat=True)))
        if scene.boat:
            edits += [(f'make the sail {sail}', scene.change(sail=sail)) for sail in SAILS if sail != scene.sail]
    if scene.name in HOUSES:
        edits.append(('remove the house', scene.change(house=False)) if scene.house else ('add a house', scene.change(house=True)))
        if scene.house and scene.season != 'winter':
            edits += [(f'turn the roof {roof}', scene.change(roof=roof)) for roof in ROOFS if roof != scene.roof]
    edits.append(('remove the clouds', scene.change(clouds=0)) if scene.clouds else ('add clouds', scene.change(clouds=4)))
    if scene.season == 'winter':
        edits.append(('stop the snow', scene.change(snowfall=False)) if scene.snowfall else ('let it snow', scene.change(snowfall=True)))
    return edits


def sample_edit(scene, rng):
    """-> (instruction, scene after)"""
    edits = possible_edits(scene)
    return edits[int(rng.integers(len(edits)))]

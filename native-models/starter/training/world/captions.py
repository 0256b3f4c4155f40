"""Sentences that say what is in a scene. The words follow the attributes, so that a caption can be checked."""
from .scene import BOATS, HOUSES

TIMES = {'dawn': 'at dawn', 'day': 'by day', 'dusk': 'at dusk', 'night': 'at night'}
ARTICLES = {'alpine lake': 'an alpine lake', 'autumn valley': 'an autumn valley', 'iceberg sea': 'a sea with icebergs',
            'starry hills': 'hills under a starry sky', 'windmill fields': 'windmills among flower fields',
            'northern lights': 'northern lights over snow', 'lighthouse coast': 'a lighthouse on the coast',
            'castle hill': 'a castle on a hill', 'sunset ocean': 'the ocean at sunset'}


def caption(scene):
    """One English sentence without a full stop, such as `an alpine lake at dusk, with a red-roofed house and a white-sailed boat`."""
    words = [ARTICLES.get(scene.name, f'a {scene.name}')]
    if scene.name != 'sunset ocean':
        words.append(TIMES[scene.time])
    things = []
    if scene.house and scene.name in HOUSES:
        things.append('houses with ' + scene.roof + ' roofs' if scene.name in ('harbour', 'snowy village') else f'a {scene.roof}-roofed house')
    if scene.boat and scene.name in BOATS:
        things.append('boats with ' + scene.sail + ' sails' if scene.name == 'harbour' else f'a {scene.sail}-sailed boat')
    if scene.moon:
        things.append('a crescent moon')
    if scene.clouds > 2:
        things.append('many clouds')
    elif scene.clouds == 0 and scene.time == 'day':
        things.append('a clear sky')
    if scene.snowfall:
        things.append('falling snow')
    if scene.mist and scene.name != 'misty forest':
        things.append('mist')
    text = ' '.join(words)
    return text + (', with ' + ', '.join(things[:-1]) + (' and ' if len(things) > 1 else '') + things[-1] if things else '')

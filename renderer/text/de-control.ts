/**
 * The words of control maps, in German.
 */
import type { Words } from './en.ts';

export const deControl: Words['control'] = {
  title: 'Steuerkarte',
  kind: 'Zeigt',
  kindHint: 'Wofür das Modell die Karte hält',
  kinds: {
    canny: 'Kanten',
    softedge: 'Weiche Kanten',
    lineart: 'Strichzeichnung',
    depth: 'Tiefe',
    segmentation: 'Flächen',
  },
  regions: 'Farben der Flächen',
  regionsHint: 'Wofür jede Farbe steht; was du nicht bemalst, ist die erste',
  notFollowed: 'Das gewählte Modell folgt keinen solchen Karten.',
  make: 'Karte machen',
  makeHint: 'Aus dem, was im Rahmen liegt; was dort auf dieser Ebene ist, verschwindet',
  source: 'Aus',
  picture: 'Dem Bild',
  method: 'Als',
  methods: { canny: 'Kanten', softedge: 'Weiche Kanten', lineart: 'Strichzeichnung', plain: 'Es ist' },
  missing: 'Dieses Modell malt über eine Steuerkarte: Male eine, oder mach eine aus dem Bild.',
  makeOne: 'Eine machen',
  missingPicture: 'Worte ändern ein Bild: Male oder öffne eines, und leg den Rahmen darüber.',
};

/**
 * What the steps of a painting's history did, in German, by their labels.
 */
import type { Words } from './en.ts';

export const deEdits: Words['edits'] = {
  accept: 'Bild übernehmen',
  addLayer: 'Ebene hinzufügen',
  brush: 'Pinselstrich',
  clear: 'Leeren',
  controlMap: 'Steuerkarte machen',
  copyLayer: 'Ebene verdoppeln',
  deselect: 'Auswahl aufheben',
  erase: 'Radieren',
  featherMask: 'Maske weich machen',
  fill: 'Füllen',
  frame: 'Rahmen bewegen',
  growMask: 'Maske vergrößern oder verkleinern',
  guide: 'Hilfslinien',
  import: 'Bild einfügen',
  invertMask: 'Maske umkehren',
  layer: 'Ebene ändern',
  line: 'Linie',
  maskFromSelection: 'Maske aus der Auswahl',
  mergeDown: 'Nach unten vereinen',
  move: 'Verschieben',
  moveLayer: 'Reihenfolge der Ebenen',
  name: 'Name des Bildes',
  paste: 'Einfügen',
  rectangle: 'Rechteck',
  removeLayer: 'Ebene löschen',
  select: 'Auswählen',
  transform: 'Transformieren',
};

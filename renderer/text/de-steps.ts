/**
 * Worin ein Bild entsteht, auf Deutsch: Modelle sagen, was ihre Schritte sind, und Flächen entstehen in Kacheln.
 */
import type { Words } from './en.ts';

export const deSteps: Words['steps'] = {
  nouns: {
    scale: { one: 'Stufe', many: 'Stufen' },
    cell: { one: 'Zelle', many: 'Zellen' },
    row: { one: 'Zeile', many: 'Zeilen' },
    tile: { one: 'Kachel', many: 'Kacheln' },
  },
  held: ({ many }, count) => `${many} 1–${count} fest`,
  heldHint: ({ many }, count, title) => `Bilder behalten die ersten ${count} ${many} von „${title}“`,
  letGo: ({ many }) => `Diese ${many} loslassen`,
  keep: ({ many }) => `${many} behalten`,
  keepSome: ({ many }, kept, all) => `${kept} von ${all} ${many} dessen behalten, was unter dem Rahmen liegt`,
  holdHint: ({ many }, count) =>
    `Was du als Nächstes malst, behält die ${many} 1 bis ${count} dieses Bildes, auch mit einer anderen Klasse`,
  choose: ({ one }) => `Wähle zuerst eine ${one} im Filmstreifen`,
  pausedAt: ({ one }, step, steps) => `Pause bei ${one} ${step} von ${steps}`,
  running: ({ one }, step, steps) => `${one} ${step} von ${steps}`,
  branchHint: ({ many }, count) => `${many} 1 bis ${count} behalten und die übrigen neu malen`,
  branchOf: ({ one }, step) => `Abzweig nach ${one} ${step}`,
  title: ({ one }, step, tokens) => `${one} ${step}${tokens === '' ? '' : `, ${tokens} Token`}`,
  filmstrip: ({ many }) => `${many} des Bildes`,
  pause: ({ one }) => `Nach dieser ${one} anhalten`,
};

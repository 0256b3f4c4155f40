/**
 * What models let be set, in German. In English the models' own words stand; what is missing here does too.
 */
import type { Words } from './en.ts';

export const deSettings: Words['samplerSettings'] = {
  cfg: { name: 'Führung', help: 'Wie streng das Bild dem folgt, was du verlangst; 1 ist keine.' },
  cfg_last: {
    name: 'Führung, fein',
    help: 'Führung der feinsten Stufe; die dazwischen gehen gleichmäßig über. −1: wie die gröbste.',
  },
  cfg_interval: {
    name: 'Geführte Token',
    help: 'Führt nur so viele Token nach dem ersten, dann keine mehr; −1 führt alle.',
  },
  guidance_high: {
    name: 'Führung ab',
    help: 'Ab welchem Anteil des Rauschens geführt wird. Ungeführte Schritte brauchen halb so lange.',
  },
  temperature: {
    name: 'Temperatur',
    help: 'Unter 1 wird Wahrscheinliches wahrscheinlicher, über 1 Unwahrscheinliches.',
  },
  tau: { name: 'Temperatur', help: 'Unter 1 wird Wahrscheinliches wahrscheinlicher, über 1 Unwahrscheinliches.' },
  tau_last: {
    name: 'Temperatur, fein',
    help: 'Temperatur der feinsten Stufe; die dazwischen gehen gleichmäßig über. −1: wie die gröbste.',
  },
  top_k: { name: 'Top k', help: 'Zieht jedes Token aus den k wahrscheinlichsten; 0 nimmt alle.' },
  top_p: {
    name: 'Top p',
    help: 'Zieht aus den wahrscheinlichsten, die zusammen diese Wahrscheinlichkeit haben; 0 nimmt alle.',
  },
  more_smooth: {
    name: 'Weich',
    help: 'Mischt Codes, statt einen zu ziehen: weicher, mit weniger Vielfalt. Die Token kommen dem Bild dann nur nahe.',
  },
  steps: { name: 'Schritte', help: 'Wie oft auf dem Weg vom Rauschen zum Bild hingesehen wird.' },
  annealed: { name: 'Abnehmende Schritte', help: 'Weniger Schritte, wo schon viel vom Bild zu sehen ist (DiSA).' },
  solver: { name: 'Löser', help: 'Wie dem Weg vom Rauschen zum Bild gefolgt wird.' },
  source_scales: {
    name: 'Stufen der Vorlage',
    help: 'So viele der gröbsten Stufen bleiben die der Vorlage; bei 0 gibt sie von Anfang an frei.',
  },
  shape: { name: 'Form', help: 'Breite zu Höhe.' },
  size: { name: 'Größe', help: 'Ungefähr wie viele Pixel, in Millionen.' },
  control_strength: { name: 'Stärke der Karte', help: 'Wie streng das Bild der Steuerkarte folgt.' },
  low: { name: 'Untere Schwelle', help: 'Eine Kante geht weiter, solange sie stärker ist.' },
  high: { name: 'Obere Schwelle', help: 'Eine Kante beginnt, wo sie stärker ist.' },
  softness: { name: 'Weichheit', help: 'Wie breit Kanten und Striche sind, in Pixeln.' },
};

/**
 * What a picture comes up in, in English: models say what their steps are, and an area is painted in tiles.
 */
export interface StepNoun {
  readonly one: string;
  readonly many: string;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export const enSteps = {
  nouns: {
    scale: { one: 'scale', many: 'scales' },
    cell: { one: 'cell', many: 'cells' },
    row: { one: 'row', many: 'rows' },
    tile: { one: 'tile', many: 'tiles' },
  },
  held: ({ many }: StepNoun, count: number) => `${capital(many)} 1–${count} held`,
  heldHint: ({ many }: StepNoun, count: number, title: string) =>
    `Pictures keep the first ${count} ${many} of “${title}”`,
  letGo: ({ many }: StepNoun) => `Let go of these ${many}`,
  keep: ({ many }: StepNoun) => `Keep ${many}`,
  keepSome: ({ many }: StepNoun, kept: number, all: number) =>
    `Keep ${kept} of ${all} ${many} of what is under the frame`,
  holdHint: ({ many }: StepNoun, count: number) =>
    `What you paint next keeps ${many} 1 to ${count} of this picture, with another class too`,
  choose: ({ one }: StepNoun) => `Choose a ${one} of the filmstrip first`,
  pausedAt: ({ one }: StepNoun, step: number, steps: number) => `Paused at ${one} ${step} of ${steps}`,
  running: ({ one }: StepNoun, step: number, steps: number) => `${capital(one)} ${step} of ${steps}`,
  branchHint: ({ many }: StepNoun, count: number) => `Keep ${many} 1 to ${count} and paint the rest anew`,
  branchOf: ({ one }: StepNoun, step: number) => `Branch after ${one} ${step}`,
  title: ({ one }: StepNoun, step: number, tokens: string) =>
    `${capital(one)} ${step}${tokens === '' ? '' : `, ${tokens} tokens`}`,
  filmstrip: ({ many }: StepNoun) => `${capital(many)} of the picture`,
  pause: ({ one }: StepNoun) => `Pause after this ${one}`,
};

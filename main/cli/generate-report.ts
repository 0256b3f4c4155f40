/**
 * What `underpaint generate` tells while it works.
 */
import type { RunReport } from '../../app/contracts/engine-api.ts';
import type { StepEvent } from '../../app/generation/pipeline-event.ts';
import type { Settings, StepKind } from '../../app/generation/request.ts';
import { printJsonLine } from './json-lines.ts';

export interface StartedPicture {
  /** 1, 2, … of `count`. */
  readonly n: number;
  readonly count: number;
  readonly model: string;
  readonly label: number | null;
  readonly labelName: string | null;
  readonly seed: number;
  readonly settings: Settings;
  /** Scales, or groups of tokens. */
  readonly steps: number;
  readonly stepKind: StepKind;
}

export interface DoneStep extends Pick<StepEvent, 'step' | 'steps' | 'progress'> {
  /** How many the step has. */
  readonly tokens: number;
}

export interface FinishedPicture {
  readonly n: number;
  readonly file: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Timings of the run; undefined when tokens were only decoded. */
  readonly report: RunReport | undefined;
}

export interface GenerateReport {
  start(picture: StartedPicture): void;
  /**
   * @param n of the picture; several may be in the making
   * @param leftMs milliseconds that all pictures still take, as far as known
   */
  step(n: number, event: DoneStep, leftMs: number | undefined, frame: string | undefined): void;
  finish(picture: FinishedPicture): void;
  warn(message: string): void;
  /** Takes away what stands on the terminal only while it works; also after a failure. */
  close(): void;
}

/** One JSON object a line on stdout. */
export const JSON_REPORT: GenerateReport = {
  start: (picture) => printJsonLine({ type: 'start', ...picture }),
  step(n, { step, steps, progress, tokens }, leftMs, frame) {
    printJsonLine({ type: 'step', n, step, steps, progress, leftMs: leftMs ?? null, tokens, frame });
  },
  finish: ({ report, ...picture }) => printJsonLine({ type: 'picture', ...picture, ...report }),
  warn: (message) => printJsonLine({ type: 'warning', message }),
  close() {},
};

/**
 * Progress for people: a bar with one segment a step on a terminal, a line a step elsewhere; both on stderr. Finished
 * pictures are named on stdout.
 */
import { relative } from 'node:path';
import cliProgress, { type Bar } from 'cli-progress';
import type { StepKind } from '../../app/generation/request.ts';
import type { DoneStep, FinishedPicture, GenerateReport, StartedPicture } from './generate-report.ts';

/** What the bar shows. */
interface BarState {
  readonly title: string;
  /** Of `steps` segments, those that are full. */
  readonly step: number;
  readonly steps: number;
  /** What is being done. */
  readonly doing: string;
  readonly left: string;
}

/** Segments of a bar for several pictures. */
const BATCH_SEGMENTS = 20;

export function createTerminalReport(): GenerateReport {
  return process.stderr.isTTY ? new BarReport() : new LineReport();
}

/** The steps of one picture, or each of several when it is done. */
class LineReport implements GenerateReport {
  #count = 1;
  #stepKind: StepKind = 'scale';

  start(picture: StartedPicture): void {
    this.#stepKind = picture.stepKind;
    if (picture.n === 1 || picture.count === 1) console.error(titleOf(picture));
    this.#count = picture.count;
  }

  step(_n: number, event: DoneStep, leftMs: number | undefined): void {
    if (this.#count > 1) return;
    console.error(`  ${stepOf(this.#stepKind, event)}, ${percentOf(event)}${leftOf(leftMs)}`);
  }

  finish(picture: FinishedPicture): void {
    console.log(summaryOf(picture));
  }

  warn(message: string): void {
    console.error(`warning: ${message}`);
  }

  close(): void {}
}

class BarReport implements GenerateReport {
  #bar: Bar | undefined;
  #title = '';
  #stepKind: StepKind = 'scale';
  /** Of each picture, 0 … 1. */
  #progress: number[] = [];
  #finished = 0;

  start(picture: StartedPicture): void {
    if (this.#progress.length > 0) return;
    this.#title = titleOf(picture);
    this.#stepKind = picture.stepKind;
    this.#progress = new Array<number>(picture.count).fill(0);
    this.#show(0, { step: 0, steps: picture.count > 1 ? BATCH_SEGMENTS : picture.steps, doing: '', left: '' });
  }

  step(n: number, { step, steps, progress }: DoneStep, leftMs: number | undefined): void {
    this.#progress[n - 1] = progress;
    const left = leftOf(leftMs);
    const doing = step + 1 === steps ? 'decoding' : stepOf(this.#stepKind, { step: step + 1, steps });
    if (this.#progress.length > 1) this.#showAll(left);
    else this.#show(progress, { step: step + 1, steps, doing, left });
  }

  finish(picture: FinishedPicture): void {
    this.close();
    console.log(summaryOf(picture));
    this.#finished++;
    if (this.#finished < this.#progress.length) this.#showAll('');
  }

  warn(message: string): void {
    console.error(`warning: ${message}`);
  }

  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #showAll(left: string): void {
    const count = this.#progress.length;
    const progress = this.#progress.reduce((sum, share) => sum + share, 0) / count;
    const step = Math.floor(progress * BATCH_SEGMENTS);
    this.#show(progress, { step, steps: BATCH_SEGMENTS, doing: `${this.#finished} of ${count} done`, left });
  }

  #show(progress: number, state: Omit<BarState, 'title'>): void {
    const payload = { title: this.#title, ...state };
    if (this.#bar) {
      this.#bar.update(progress, payload);
    } else {
      this.#bar = createBar();
      this.#bar.start(1, progress, payload);
    }
  }
}

function createBar(): Bar {
  return new cliProgress.SingleBar({
    format: (_options, _state, shown: BarState) => drawBar(shown),
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
  });
}

function drawBar({ title, step, steps, doing, left }: BarState): string {
  return `${title}  ${'▰'.repeat(step)}${'▱'.repeat(steps - step)}  ${doing}${left}`;
}

function titleOf({ count, label, labelName, seed }: StartedPicture): string {
  const what = labelName ?? (label === null ? 'no class' : `class ${label}`);
  return count > 1 ? `${what}, ${count} pictures` : `${what}, seed ${seed}`;
}

function stepOf(kind: StepKind, { step, steps }: Pick<DoneStep, 'step' | 'steps'>): string {
  return `${kind} ${step + 1} of ${steps}`;
}

function percentOf({ progress }: DoneStep): string {
  return `${Math.round(progress * 100)} %`;
}

function leftOf(leftMs: number | undefined): string {
  return leftMs === undefined ? '' : `, ${seconds(leftMs)} left`;
}

function summaryOf({ file, seed, width, height, report }: FinishedPicture): string {
  const path = relative(process.cwd(), file);
  const shown = path.startsWith('..') ? file : path;
  const time = report ? `, ${seconds(report.loadMs + report.totalMs)}` : '';
  return `${shown}  ${width}×${height}, seed ${seed}${time}`;
}

function seconds(ms: number): string {
  const total = ms / 1000;
  if (total < 10) return `${total.toFixed(1)} s`;
  return total < 100 ? `${Math.round(total)} s` : `${Math.round(total / 60)} min`;
}

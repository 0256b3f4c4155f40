/**
 * Progress for people: a bar with one segment a scale on a terminal, a line a scale elsewhere; both on stderr. Finished
 * pictures are named on stdout.
 */
import { relative } from 'node:path';
import cliProgress, { type Bar } from 'cli-progress';
import type { DoneStep, FinishedPicture, GenerateReport, StartedPicture } from './generate-report.ts';

/** What the bar shows; `step` counts those that are done. */
interface BarState {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
  readonly left: string;
}

export function createTerminalReport(): GenerateReport {
  return process.stderr.isTTY ? new BarReport() : LINE_REPORT;
}

const LINE_REPORT: GenerateReport = {
  start: (picture) => console.error(titleOf(picture)),
  step: (event, leftMs) => console.error(`  ${scaleOf(event)}, ${percentOf(event)}${leftOf(leftMs)}`),
  finish: (picture) => console.log(summaryOf(picture)),
  warn: (message) => console.error(`warning: ${message}`),
  close() {},
};

class BarReport implements GenerateReport {
  #bar: Bar | undefined;
  #title = '';

  start(picture: StartedPicture): void {
    this.#title = titleOf(picture);
    this.#bar = new cliProgress.SingleBar({
      format: (_options, _state, payload: BarState) => drawBar(payload),
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
    });
    this.#bar.start(1, 0, { title: this.#title, step: 0, steps: picture.steps, left: '' });
  }

  step(event: DoneStep, leftMs: number | undefined): void {
    const { step, steps } = event;
    this.#bar?.update(event.progress, { title: this.#title, step: step + 1, steps, left: leftOf(leftMs) });
  }

  finish(picture: FinishedPicture): void {
    this.close();
    console.log(summaryOf(picture));
  }

  warn(message: string): void {
    console.error(`warning: ${message}`);
  }

  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

function drawBar({ title, step, steps, left }: BarState): string {
  const segments = '▰'.repeat(step) + '▱'.repeat(steps - step);
  return `${title}  ${segments}  ${step === steps ? 'decoding' : `scale ${step + 1} of ${steps}`}${left}`;
}

function titleOf({ n, count, label, labelName, seed }: StartedPicture): string {
  const what = labelName ?? (label === null ? 'no class' : `class ${label}`);
  return `${count > 1 ? `[${n}/${count}] ` : ''}${what}, seed ${seed}`;
}

function scaleOf({ step, steps }: DoneStep): string {
  return `scale ${step + 1} of ${steps}`;
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

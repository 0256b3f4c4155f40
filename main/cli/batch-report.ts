/**
 * What `underpaint batch` tells while it works.
 */
import cliProgress, { type Bar } from 'cli-progress';
import { bytesInWords, timeInWords } from '../../app/base/quantities.ts';
import type { BatchEvent, BatchResult } from '../../app/batch/batch-event.ts';
import type { BatchEstimate } from '../batch/estimate-batch.ts';
import { printJsonLine } from './json-lines.ts';

export interface EstimateReport extends BatchEstimate {
  /** Pictures that are there already. */
  readonly done: number;
  readonly place: string;
  readonly freeBytes: number | undefined;
}

export interface BatchReport {
  estimate(estimate: EstimateReport): void;
  event(event: BatchEvent): void;
  result(result: BatchResult): void;
  /** Takes away what stands on the terminal only while it works; also after a failure. */
  close(): void;
}

export function createBatchReport(json: boolean): BatchReport {
  if (json) return JSON_REPORT;
  return process.stderr.isTTY ? new BarReport() : new LineReport();
}

const JSON_REPORT: BatchReport = {
  estimate: (estimate) => printJsonLine({ type: 'estimate', ...estimate, freeBytes: estimate.freeBytes ?? null }),
  event: (event) => printJsonLine(event),
  result: (result) => printJsonLine({ type: 'result', ...result }),
  close() {},
};

/** A line for each event on stderr, what is of use afterwards on stdout. */
class LineReport implements BatchReport {
  estimate({ count, done, ms, bytes, place, freeBytes }: EstimateReport): void {
    const there = done > 0 ? `, ${done.toLocaleString('en')} of them are there` : '';
    console.log(`${(count + done).toLocaleString('en')} pictures${there}`);
    const free = freeBytes === undefined ? '' : `, of ${bytesInWords(freeBytes)} that are free`;
    console.log(`about ${timeInWords(ms)} and ${bytesInWords(bytes)}${free}, for ${place}`);
  }

  event(event: BatchEvent): void {
    if (event.type === 'start') this.started(event.count, event.done);
    else if (event.type === 'picture') this.picture(event);
    else if (event.type === 'sheet') console.log(event.file);
    else if (event.type === 'warning') this.say(`warning: ${event.message}`);
    else if (event.type === 'retry') this.say(`${event.file}: ${event.error.message} It is tried again.`);
  }

  result({ count, made, failed }: BatchResult): void {
    this.close();
    const there = count - made - failed.length;
    console.log(`${made} pictures made${there > 0 ? `, ${there} were there` : ''}${failed.length > 0 ? ';' : '.'}`);
    if (failed.length > 0) console.log(`${failed.length} could not be made:`);
    for (const { n, file, error } of failed) console.log(`  ${n}  ${file}  ${error.message}`);
  }

  close(): void {}

  protected started(count: number, done: number): void {
    this.say(`${count} pictures${done > 0 ? `, ${done} of them are there` : ''}`);
  }

  protected picture({ done, count, file, leftMs }: Extract<BatchEvent, { type: 'picture' }>): void {
    this.say(`[${done}/${count}] ${file}${leftOf(leftMs)}`);
  }

  protected say(line: string): void {
    console.error(line);
  }
}

/** The same with a bar in place of the lines for pictures. */
class BarReport extends LineReport {
  #bar: Bar | undefined;

  override close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  protected override started(count: number, done: number): void {
    this.#bar = new cliProgress.SingleBar({
      format: (_options, _state, payload: { readonly line: string }) => payload.line,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
    });
    this.#bar.start(count, done, { line: barOf(done, count, '') });
  }

  protected override picture({ done, count, file, leftMs }: Extract<BatchEvent, { type: 'picture' }>): void {
    this.#bar?.update(done, { line: barOf(done, count, `${leftOf(leftMs)}  ${file}`) });
  }

  protected override say(line: string): void {
    process.stderr.write(`\r\x1b[K${line}\n`);
  }
}

const BAR_WIDTH = 24;

function barOf(done: number, count: number, rest: string): string {
  const filled = Math.floor((BAR_WIDTH * done) / Math.max(1, count));
  return `${'▰'.repeat(filled)}${'▱'.repeat(BAR_WIDTH - filled)}  ${done} of ${count}${rest}`;
}

function leftOf(leftMs: number | null): string {
  return leftMs === null ? '' : `, ${timeInWords(leftMs)} left`;
}

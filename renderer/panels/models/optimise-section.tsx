/**
 * The weights that a model is used with: as they were published, or smaller ones for this machine, and what those change.
 */
import { useState } from 'react';
import { useStore } from 'zustand';
import { PRECISIONS, type Precision } from '../../../app/contracts/engine-api.ts';
import type { MeasuredPicture, ModelDetails, OptimiseReport } from '../../../app/contracts/models-api.ts';
import { doWork, managerStore, reportProblem } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { host } from '../../transport/host.ts';
import { TextButton } from '../../widgets/button.tsx';
import { Picture } from '../../widgets/picture.tsx';
import { bytesText, numberText, timeText } from './format.ts';
import { Section } from './section.tsx';

const SIDE = 180;

interface OptimiseProps {
  readonly details: ModelDetails;
  readonly onUse: (precision: Precision) => void;
  readonly onDone: () => void;
}

export function OptimiseSection({ details, onUse, onDone }: OptimiseProps) {
  const words = useWords().models;
  const [report, setReport] = useState<OptimiseReport>();
  const { id, derived, builtIn, shared } = details;
  if (builtIn || shared) return null;
  const make = async (wanted: Precision) => {
    const made = await doWork((onEvent) => host('optimiseModel', [id, wanted], { onEvent }));
    if (!made) return;
    setReport(made);
    onDone();
  };
  const undo = () =>
    host('undoOptimise', [id]).then(() => {
      setReport(undefined);
      onDone();
    }, reportProblem);
  return (
    <Section title={words.optimise} hint={words.optimiseHint}>
      <ul aria-label={words.optimise} className="flex flex-col divide-y divide-line rounded-lg border border-line">
        {PRECISIONS.map((one) => (
          <Weights key={one} precision={one} details={details} onUse={() => onUse(one)} onMake={() => void make(one)} />
        ))}
      </ul>
      {derived.some(({ precision }) => isSmaller(precision)) && (
        <TextButton className="self-start" onClick={() => void undo()}>
          {words.undo}
        </TextButton>
      )}
      {report && (
        <div className="flex flex-wrap gap-4">
          <Measured title={words.before} picture={report.before} />
          <Measured title={words.after} picture={report.after} />
          <p role="status" className="w-full">
            {words.psnr(numberText(report.psnr, 1, words))} · {words.onDisk(bytesText(report.size, words))}
          </p>
        </div>
      )}
    </Section>
  );
}

interface WeightsProps {
  readonly precision: Precision;
  readonly details: ModelDetails;
  readonly onUse: () => void;
  readonly onMake: () => void;
}

/** One kind of weights: what it needs, and whether it is used, can be used, or must be made first. */
function Weights({ precision, details, onUse, onMake }: WeightsProps) {
  const words = useWords().models;
  const work = useStore(managerStore, (state) => state.work);
  const name = words.precision[precision] ?? precision;
  const need = details.memory.find((memory) => memory.precision === precision);
  const made = details.derived.filter((weights) => weights.precision === precision);
  const facts = [
    need && (need.fits ? words.memoryNeed(bytesText(need.bytes, words)) : words.tooLarge),
    made.length > 0 && words.onDisk(bytesText(sizeOf(made), words)),
  ];
  const isUsed = details.precision === precision;
  const isThere = precision === 'fp32' || made.length > 0;
  return (
    <li aria-current={isUsed} className={`flex h-11 items-center gap-3 px-3 ${isUsed ? 'bg-tint' : ''}`}>
      <p className="min-w-0 flex-1 truncate">
        <span className="font-medium">{name}</span>
        <span className="text-muted"> · {facts.filter(Boolean).join(' · ')}</span>
      </p>
      {isUsed && <span className="text-accent">{words.inUse}</span>}
      {!isUsed && (
        <TextButton
          small
          disabled={work !== null}
          aria-label={`${isThere ? words.use : words.make}: ${name}`}
          onClick={isThere ? onUse : onMake}
        >
          {isThere ? words.use : words.make}
        </TextButton>
      )}
    </li>
  );
}

function isSmaller(precision: string): boolean {
  return PRECISIONS.some((one) => one === precision && one !== 'fp32');
}

function sizeOf(weights: readonly { readonly size: number }[]): number {
  return weights.reduce((sum, { size }) => sum + size, 0);
}

function Measured({ title, picture }: { readonly title: string; readonly picture: MeasuredPicture }) {
  const words = useWords().models;
  const { image, seconds, memory } = picture;
  return (
    <figure>
      <Picture image={image} alt={title} side={SIDE} className="rounded-md" />
      <figcaption>
        {title}
        <span className="block text-muted">{words.measured(timeText(seconds, words), bytesText(memory, words))}</span>
      </figcaption>
    </figure>
  );
}

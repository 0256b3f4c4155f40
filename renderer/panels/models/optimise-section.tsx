/**
 * Smaller weights for this machine, and what they change.
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

export function OptimiseSection({ details, onDone }: { readonly details: ModelDetails; readonly onDone: () => void }) {
  const words = useWords().models;
  const work = useStore(managerStore, (state) => state.work);
  const [report, setReport] = useState<OptimiseReport>();
  const { id, precision, memory, builtIn, shared } = details;
  if (builtIn || shared) return null;
  const nameOf = (one: Precision) => words.precision[one] ?? one;
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
      <ul className="text-muted">
        {memory.map((need) => (
          <li key={need.precision} className={need.precision === precision ? 'text-ink' : ''}>
            {nameOf(need.precision)}: {need.fits ? words.memoryNeed(bytesText(need.bytes, words)) : words.tooLarge}
            {need.precision === precision && ` · ${words.inUse}`}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {PRECISIONS.filter((one) => one !== 'fp32' && one !== precision).map((one) => (
          <TextButton key={one} disabled={work !== null} onClick={() => void make(one)}>
            {words.make(nameOf(one))}
          </TextButton>
        ))}
        {precision !== 'fp32' && <TextButton onClick={() => void undo()}>{words.undo}</TextButton>}
      </div>
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

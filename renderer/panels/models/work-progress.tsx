/**
 * How far long work is.
 */
import { useStore } from 'zustand';
import { managerStore } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { Bar } from './bar.tsx';

export function WorkProgress() {
  const words = useWords().models;
  const work = useStore(managerStore, (state) => state.work);
  if (!work) return null;
  const what = `${words.stages[work.stage]} ${work.stage === 'verifying' || work.stage === 'copying' ? work.on : ''}`;
  return (
    <div role="status" className="mb-3 rounded-md border border-line bg-raised p-2">
      <p className="truncate">{what}</p>
      <Bar label={what} share={work.share} />
    </div>
  );
}

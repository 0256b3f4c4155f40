/**
 * What went wrong in the manager, where the person looks.
 */
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { clearProblem, managerStore } from '../../stores/manager-store.ts';
import { useWords } from '../../text/words.ts';
import { IconButton } from '../../widgets/button.tsx';

export function Problem() {
  const words = useWords().app;
  const problem = useStore(managerStore, (state) => state.problem);
  if (!problem) return null;
  return (
    <div role="alert" className="mb-3 flex items-start gap-2 rounded-md border border-danger bg-raised p-2">
      <p className="min-w-0 flex-1 select-text break-words">
        {problem.message} {problem.hint && <span className="text-muted">{problem.hint}</span>}
      </p>
      <IconButton small icon={X} label={words.close} onClick={clearProblem} />
    </div>
  );
}

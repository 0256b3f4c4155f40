/**
 * Picks a class by typing a part of its name.
 */
import { Command } from 'cmdk';
import { ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useStore } from 'zustand';
import { modelStore } from '../stores/model-store.ts';
import { useWords } from '../text/words.ts';

export function LabelPicker() {
  const words = useWords().generate;
  const { model, label, descriptions } = useStore(modelStore);
  const [open, setOpen] = useState(false);
  const labels = (model === null ? undefined : descriptions[model]?.labels) ?? [];
  const choose = (next: number | null) => {
    modelStore.setState({ label: next });
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={`${words.label}: ${label === null ? words.noLabel : (labels[label] ?? label)}`}
        className="inline-flex h-9 w-37 items-center justify-between rounded-lg border border-edge bg-field px-3 text-left font-medium text-sm hover:border-muted"
      >
        <span className="truncate">{label === null ? words.noLabel : (labels[label] ?? `#${label}`)}</span>
        <ChevronsUpDown size={14} aria-hidden="true" className="shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          className="z-30 w-72 rounded-xl border border-edge bg-panel p-1.5 shadow-xl"
        >
          <Command label={words.search}>
            <Command.Input
              autoFocus
              placeholder={words.search}
              className="mb-1.5 h-8 w-full rounded-md border border-edge bg-field px-2"
            />
            <Command.List className="max-h-72 overflow-y-auto">
              <Command.Empty className="p-3 text-muted">{words.noMatch}</Command.Empty>
              <LabelItem value={words.noLabel} onSelect={() => choose(null)} />
              {labels.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a class is its index, and ImageNet has names twice
                <LabelItem key={index} value={`${name} ${index}`} name={name} onSelect={() => choose(index)} />
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface LabelItemProps {
  readonly value: string;
  readonly name?: string;
  readonly onSelect: () => void;
}

function LabelItem({ value, name = value, onSelect }: LabelItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="cursor-default rounded-md px-2 py-1.5 data-[selected=true]:bg-tint"
    >
      {name}
    </Command.Item>
  );
}

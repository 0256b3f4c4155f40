/**
 * What to paint, and the button that does it.
 */
import { Dices, Lock, LockOpen, Pin, Radio, SlidersHorizontal, Sparkles, Square, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useStore } from 'zustand';
import { generate, stopAll } from '../actions/generate.ts';
import { holdScales } from '../actions/staging.ts';
import { description, modelStore, randomSeed, setSetting } from '../stores/model-store.ts';
import { isActive, isMine, queueStore } from '../stores/queue-store.ts';
import { stagingStore } from '../stores/staging-store.ts';
import { useStepNoun } from '../text/step-noun.ts';
import { useWords } from '../text/words.ts';
import { IconButton, TextButton, Toggle } from '../widgets/button.tsx';
import { NumberField, Slider } from '../widgets/field.tsx';
import { AreaButtons } from './area-buttons.tsx';
import { LabelPicker } from './label-picker.tsx';
import { PromptField } from './prompt-field.tsx';
import { SettingField } from './setting-field.tsx';

const MAX_SEED = 2 ** 32 - 1;
const MAX_COUNT = 64;

export function PromptBar() {
  const words = useWords().generate;
  const { model, models, live } = useStore(modelStore);
  const busy = useStore(queueStore, ({ jobs }) => jobs.some((job) => isActive(job) && isMine(job.origin)));
  if (models.length > 0 && model === null) return <p className="p-3 text-danger">{words.noModel}</p>;
  return (
    <form
      aria-label={words.title}
      className="tour-prompt flex shrink-0 flex-wrap items-center gap-x-1.5 gap-y-2 border-line border-t bg-panel px-3 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        void generate();
      }}
    >
      <WhatToPaint />
      <button
        type="submit"
        disabled={model === null}
        className="inline-flex h-9 items-center gap-2 rounded-lg bg-accent px-5 font-semibold text-on-accent text-sm transition hover:brightness-110 active:brightness-95 disabled:opacity-40"
      >
        <Sparkles size={16} aria-hidden="true" />
        {words.go}
      </button>
      <TextButton kind="danger" className="h-9 w-9 px-0" title={words.stop} disabled={!busy} onClick={stopAll}>
        <Square size={13} fill="currentColor" aria-hidden="true" />
        <span className="sr-only">{words.stop}</span>
      </TextButton>
      <AreaButtons />
      <Count />
      <SeedField />
      <span aria-hidden="true" className="h-5 w-px bg-edge" />
      <KeptScales />
      <Toggle
        icon={Radio}
        label={words.live}
        help={words.liveHint}
        on={live}
        onChange={(on) => modelStore.setState({ live: on })}
      />
      <SettingsPopover />
    </form>
  );
}

/** Words, a class, or both: whatever the model reads. */
function WhatToPaint() {
  const { prompt, model, descriptions } = useStore(modelStore);
  const description = model === null ? undefined : descriptions[model];
  return (
    <>
      {description?.words && (
        <PromptField className="w-full" value={prompt} onChange={(next) => modelStore.setState({ prompt: next })} />
      )}
      {(!description || description.classes > 0) && <LabelPicker />}
    </>
  );
}

function SeedField() {
  const words = useWords().generate;
  const { seed, seedLocked } = useStore(modelStore);
  return (
    <div className="flex items-center gap-0.5" title={words.seed}>
      <NumberField
        hideLabel
        label={words.seed}
        value={seed}
        min={0}
        max={MAX_SEED}
        className="w-25 [&::-webkit-inner-spin-button]:hidden"
        onChange={(next) => modelStore.setState({ seed: next, seedLocked: true })}
      />
      <IconButton small icon={Dices} label={words.dice} onClick={() => modelStore.setState({ seed: randomSeed() })} />
      <IconButton
        small
        icon={seedLocked ? Lock : LockOpen}
        label={seedLocked ? words.unlockSeed : words.lockSeed}
        pressed={seedLocked}
        onClick={() => modelStore.setState({ seedLocked: !seedLocked })}
      />
    </div>
  );
}

function Count() {
  const words = useWords().generate;
  const count = useStore(modelStore, (state) => state.count);
  const change = (next: number) => modelStore.setState({ count: next });
  return (
    <span className="inline-flex items-center gap-1 text-muted" title={words.count}>
      <span aria-hidden="true">×</span>
      <NumberField
        hideLabel
        label={words.count}
        value={count}
        min={1}
        max={MAX_COUNT}
        className="w-12 text-ink"
        onChange={change}
      />
    </span>
  );
}

/** Scales of the picture that is held, or else as many as are kept of what lies under the frame. */
function KeptScales() {
  const words = useWords().steps;
  const held = useStore(stagingStore, (state) => state.held);
  const model = useStore(modelStore, (state) => state.model);
  const noun = useStepNoun(model);
  if (!held || held.variant.request.model !== model) return <KeepScales />;
  return (
    <span
      className="inline-flex h-7 max-w-48 items-center gap-1.5 rounded-md bg-tint pr-0.5 pl-2 text-accent"
      title={words.heldHint(noun, held.steps, held.variant.title)}
    >
      <Pin size={14} aria-hidden="true" className="shrink-0" />
      <span className="truncate">{words.held(noun, held.steps)}</span>
      <IconButton small icon={X} label={words.letGo(noun)} onClick={() => holdScales(null)} />
    </span>
  );
}

function KeepScales() {
  const words = useWords();
  const { model, keepSteps } = useStore(modelStore);
  const noun = useStepNoun(model);
  const steps = description()?.tokensPerStep.length ?? 0;
  if (steps === 0) return null;
  return (
    <Slider
      label={words.steps.keep(noun)}
      className="w-40"
      value={keepSteps}
      min={0}
      max={steps}
      help={keepSteps === 0 ? words.generate.keepNone : words.steps.keepSome(noun, keepSteps, steps)}
      shown={`${keepSteps}/${steps}`}
      onChange={(value) => modelStore.setState({ keepSteps: value })}
    />
  );
}

function SettingsPopover() {
  const words = useWords().generate;
  const { model, descriptions, settings } = useStore(modelStore);
  const specs = (model === null ? undefined : descriptions[model]?.settings) ?? [];
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={words.settings}
        title={words.settings}
        className="ml-auto inline-flex size-8 items-center justify-center rounded-md hover:bg-raised"
      >
        <SlidersHorizontal size={17} strokeWidth={1.75} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="end"
          sideOffset={10}
          className="z-30 flex w-88 flex-col gap-3 rounded-xl border border-edge bg-panel p-4 shadow-xl"
        >
          <h2 className="font-semibold text-sm">{words.settings}</h2>
          {specs.map((spec) => (
            <SettingField
              key={spec.id}
              spec={spec}
              value={settings[spec.id]}
              onChange={(value) => setSetting(spec.id, value)}
            />
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/**
 * How the tool in hand is set.
 */
import { Magnet, PenLine } from 'lucide-react';
import { useStore } from 'zustand';
import { MAX_FEATHER } from '../../app/library/tool-settings.ts';
import { setBrush, toolStore } from '../stores/tool-store.ts';
import { useWords } from '../text/words.ts';
import { Toggle } from '../widgets/button.tsx';
import { Slider } from '../widgets/field.tsx';
import { FrameOptions } from './frame-options.tsx';

const percent = (value: number) => `${Math.round(value * 100)} %`;

export function ToolOptions() {
  const words = useWords().options;
  const { tool, snapping } = useStore(toolStore);
  const isStroke = tool === 'brush' || tool === 'eraser';
  const paints = isStroke || tool === 'line' || tool === 'rectangle' || tool === 'fill';
  return (
    <fieldset className="flex h-11 shrink-0 items-center gap-2 overflow-x-auto border-line border-b bg-panel px-2.5">
      <legend className="sr-only">{words.title}</legend>
      {(isStroke || tool === 'line') && <BrushSize />}
      {paints && <Opacity />}
      {isStroke && <BrushOptions />}
      {tool === 'fill' && <Tolerance />}
      {(tool === 'marquee' || tool === 'lasso') && <Feather />}
      {tool === 'frame' && <FrameOptions />}
      {tool === 'hand' && <Hint text={words.handHint} />}
      {tool === 'transform' && <Hint text={words.transformHint} />}
      {tool === 'move' && <Hint text={words.moveHint} />}
      {tool === 'picker' && <Hint text={words.pickerHint} />}
      {!isStroke && tool !== 'hand' && (
        <Toggle
          icon={Magnet}
          label={words.snapping}
          on={snapping}
          onChange={(on) => toolStore.setState({ snapping: on })}
        />
      )}
      {tool === 'frame' && <Hint text={words.frameHint} />}
    </fieldset>
  );
}

function Hint({ text }: { readonly text: string }) {
  return <p className="whitespace-nowrap px-1 text-muted">{text}</p>;
}

function BrushSize() {
  const words = useWords().options;
  const size = useStore(toolStore, ({ brush }) => brush.size);
  return <Slider label={words.size} value={size} min={1} max={400} onChange={(value) => setBrush({ size: value })} />;
}

function BrushOptions() {
  const words = useWords().options;
  const brush = useStore(toolStore, (state) => state.brush);
  const unit = { min: 0, max: 1, step: 0.01 };
  return (
    <>
      <Slider
        label={words.hardness}
        value={brush.hardness}
        shown={percent(brush.hardness)}
        {...unit}
        onChange={(hardness) => setBrush({ hardness })}
      />
      <Slider
        label={words.flow}
        value={brush.flow}
        shown={percent(brush.flow)}
        {...unit}
        min={0.01}
        onChange={(flow) => setBrush({ flow })}
      />
      <Slider
        label={words.smoothing}
        value={brush.smoothing}
        shown={percent(brush.smoothing)}
        {...unit}
        onChange={(smoothing) => setBrush({ smoothing })}
      />
      <Toggle
        icon={PenLine}
        label={words.pressureSize}
        help={words.pressureSizeHelp}
        on={brush.pressureSize}
        onChange={(pressureSize) => setBrush({ pressureSize })}
      />
      <Toggle
        icon={PenLine}
        label={words.pressureFlow}
        help={words.pressureFlowHelp}
        on={brush.pressureFlow}
        onChange={(pressureFlow) => setBrush({ pressureFlow })}
      />
    </>
  );
}

function Opacity() {
  const words = useWords().options;
  const opacity = useStore(toolStore, ({ brush }) => brush.opacity);
  return (
    <Slider
      label={words.opacity}
      value={opacity}
      shown={percent(opacity)}
      min={0.01}
      max={1}
      step={0.01}
      onChange={(value) => setBrush({ opacity: value })}
    />
  );
}

function Tolerance() {
  const words = useWords().options;
  const tolerance = useStore(toolStore, (state) => state.tolerance);
  return (
    <Slider
      label={words.tolerance}
      value={tolerance}
      min={0}
      max={255}
      onChange={(value) => toolStore.setState({ tolerance: value })}
    />
  );
}

function Feather() {
  const words = useWords().options;
  const feather = useStore(toolStore, (state) => state.feather);
  return (
    <Slider
      label={words.feather}
      value={feather}
      min={0}
      max={MAX_FEATHER}
      onChange={(value) => toolStore.setState({ feather: value })}
    />
  );
}

/**
 * How large the frame is, and in how much detail it is painted.
 */
import { Frame, ScanLine, SquareDashed } from 'lucide-react';
import { useStore } from 'zustand';
import { frameAsModel, frameWhole, sizeFrame } from '../actions/frame.ts';
import { documentStore } from '../stores/document-store.ts';
import { modelStore } from '../stores/model-store.ts';
import { useWords } from '../text/words.ts';
import { IconButton, Toggle } from '../widgets/button.tsx';
import { NumberField } from '../widgets/field.tsx';

/** Pixels of a side. */
const MIN_SIDE = 16;

export function FrameOptions() {
  const words = useWords();
  const { frame, width, height } = useStore(documentStore, ({ history }) => history.present);
  const detail = useStore(modelStore, (state) => state.detail);
  return (
    <>
      <NumberField
        label={words.options.frameWidth}
        value={frame.width}
        min={MIN_SIDE}
        max={width}
        className="w-18"
        onChange={(side) => sizeFrame({ ...frame, width: side })}
      />
      <NumberField
        label={words.options.frameHeight}
        value={frame.height}
        min={MIN_SIDE}
        max={height}
        className="w-18"
        onChange={(side) => sizeFrame({ ...frame, height: side })}
      />
      <IconButton icon={SquareDashed} label={words.commands.frameModel} onClick={frameAsModel} />
      <IconButton icon={Frame} label={words.commands.frameWhole} onClick={frameWhole} />
      <Toggle
        icon={ScanLine}
        label={words.options.detail}
        help={words.options.detailHelp}
        on={detail}
        onChange={(on) => modelStore.setState({ detail: on })}
      />
    </>
  );
}

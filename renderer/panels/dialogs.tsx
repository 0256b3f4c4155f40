/**
 * The studio's small dialogs: new painting, export, settings, recovery, about.
 */
import { FileImage } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type HostInfo,
  type RecoverablePainting,
} from '../../app/contracts/studio-api.ts';
import { MAX_DOCUMENT_SIDE } from '../../app/document/document.ts';
import {
  exportPicture,
  newPainting,
  openProjectAt,
  recoverPainting,
  savePaintingNamed,
} from '../actions/painting-files.ts';
import { DEFAULT_SIDE, documentStore } from '../stores/document-store.ts';
import { modelStore } from '../stores/model-store.ts';
import { reportError } from '../stores/notice-store.ts';
import { recoveryStore } from '../stores/recovery-store.ts';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { type DialogId, openDialog, uiStore } from '../stores/ui-store.ts';
import { useWords } from '../text/words.ts';
import { host } from '../transport/host.ts';
import { TextButton } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { Checkbox, NumberField, Select, Slider } from '../widgets/field.tsx';

const LOSSY_QUALITY = 90;
/** Pixels of a painting for one of its sketch. */
const SIZE_SCALE = 44;

function useDialog(id: DialogId): { open: boolean; onClose: () => void } {
  const open = useStore(uiStore, ({ dialog }) => dialog === id);
  return { open, onClose: () => openDialog(null) };
}

/** Width and height in pixels. */
const SIZES = [
  [512, 512],
  [1024, 1024],
  [1536, 1024],
  [1024, 1536],
  [2048, 2048],
] as const;

export function NewDialog() {
  const words = useWords().painting;
  const dialog = useDialog('new');
  const [width, setWidth] = useState(DEFAULT_SIDE);
  const [height, setHeight] = useState(DEFAULT_SIDE);
  const [isWhite, setWhite] = useState(false);
  const recent = useStore(settingsStore, (state) => state.recentProjects);
  const create = (event: FormEvent) => {
    event.preventDefault();
    dialog.onClose();
    void newPainting(width, height, isWhite);
  };
  return (
    <Dialog title={words.newTitle} {...dialog}>
      <form className="flex flex-col gap-4" onSubmit={create}>
        <div className="flex gap-2">
          {SIZES.map(([w, h]) => (
            <button
              key={`${w}×${h}`}
              type="button"
              aria-pressed={w === width && h === height}
              className={`flex flex-1 flex-col items-center justify-end gap-2 whitespace-nowrap rounded-lg border px-0.5 py-2.5 text-2xs tabular-nums ${w === width && h === height ? 'border-accent bg-tint' : 'border-edge bg-field hover:border-muted'}`}
              onClick={() => {
                setWidth(w);
                setHeight(h);
              }}
            >
              <span
                aria-hidden="true"
                className="rounded-xs border-2 border-muted"
                style={{ width: w / SIZE_SCALE, height: h / SIZE_SCALE }}
              />
              {w} × {h}
            </button>
          ))}
        </div>
        <div className="flex items-center gap-4">
          <NumberField label={words.width} value={width} min={64} max={MAX_DOCUMENT_SIDE} onChange={setWidth} />
          <NumberField label={words.height} value={height} min={64} max={MAX_DOCUMENT_SIDE} onChange={setHeight} />
        </div>
        <div className="flex items-center justify-between">
          <Checkbox label={words.white} checked={isWhite} onChange={setWhite} />
          <TextButton kind="primary" submit>
            {words.create}
          </TextButton>
        </div>
      </form>
      {recent.length > 0 && (
        <h3 className="mt-5 mb-1 font-semibold text-2xs text-muted uppercase tracking-wide">{words.recent}</h3>
      )}
      <ul>
        {recent.map((path) => (
          <li key={path}>
            <button
              type="button"
              className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-raised"
              title={path}
              onClick={() => {
                dialog.onClose();
                void openProjectAt(path);
              }}
            >
              <FileImage size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-muted" />
              <span className="truncate">{path.split(/[\\/]/).at(-1)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** In a browser, where projects lie in the host's folder. */
export function SaveAsDialog() {
  const words = useWords();
  const dialog = useDialog('saveAs');
  const present = useStore(documentStore, ({ history }) => history.present.name);
  const [name, setName] = useState<string>();
  const save = (event: FormEvent) => {
    event.preventDefault();
    dialog.onClose();
    setName(undefined);
    void savePaintingNamed((name ?? present).trim() || words.painting.untitled);
  };
  return (
    <Dialog title={words.painting.saveAsTitle} {...dialog}>
      <form className="flex items-end gap-3" onSubmit={save}>
        <label className="min-w-0 flex-1">
          <span className="mb-1 block text-muted">{words.painting.name}</span>
          <input
            className="h-8 w-full rounded-md border border-edge bg-field px-2"
            value={name ?? present}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <TextButton kind="primary" submit>
          {words.commands.save}
        </TextButton>
      </form>
      <p className="mt-3 text-muted">{words.painting.saveAsHint}</p>
    </Dialog>
  );
}

export function ExportDialog() {
  const words = useWords().exporting;
  const dialog = useDialog('export');
  const [format, setFormat] = useState<ExportFormat>('png');
  const [quality, setQuality] = useState(LOSSY_QUALITY);
  const [onlyFrame, setOnlyFrame] = useState(false);
  const go = () => {
    dialog.onClose();
    void exportPicture(format, quality, onlyFrame);
  };
  return (
    <Dialog title={words.title} {...dialog}>
      <div className="flex flex-col gap-3 [&_label>span:first-child]:w-32">
        <Select
          label={words.format}
          value={format}
          options={EXPORT_FORMATS.map((id) => [id, id.toUpperCase()] as const)}
          onChange={setFormat}
        />
        {format !== 'png' && (
          <Slider className="w-full" label={words.quality} value={quality} min={1} max={100} onChange={setQuality} />
        )}
        <p className="text-muted">{words.hints[format]}</p>
        <div className="flex items-center justify-between">
          <Checkbox label={words.onlyFrame} checked={onlyFrame} onChange={setOnlyFrame} />
          <TextButton kind="primary" onClick={go}>
            {words.go}
          </TextButton>
        </div>
      </div>
    </Dialog>
  );
}

export function SettingsDialog() {
  const words = useWords();
  const dialog = useDialog('settings');
  const { theme, language, reducedMotion } = useStore(settingsStore);
  const info = useHostInfo(dialog.open);
  const { settings } = words;
  return (
    <Dialog title={settings.title} {...dialog}>
      <div className="flex flex-col gap-3 [&_label>span:first-child]:w-32">
        <Select
          label={settings.theme}
          value={theme}
          options={[
            ['system', settings.system],
            ['dark', settings.dark],
            ['light', settings.light],
          ]}
          onChange={(value) => changeSettings({ theme: value })}
        />
        <Select
          label={settings.language}
          value={language}
          options={[
            ['en', 'English'],
            ['de', 'Deutsch'],
          ]}
          onChange={(value) => changeSettings({ language: value })}
        />
        <Select
          label={settings.motion}
          value={reducedMotion}
          options={[
            ['system', settings.system],
            ['on', settings.on],
            ['off', settings.off],
          ]}
          onChange={(value) => changeSettings({ reducedMotion: value })}
        />
        <p className="text-muted">{words.app.privacy}</p>
        {info && (
          <p className="select-text break-all text-muted">
            {settings.data} {info.dataFolder}
          </p>
        )}
      </div>
    </Dialog>
  );
}

export function AboutDialog() {
  const words = useWords();
  const dialog = useDialog('about');
  const models = useStore(modelStore, (state) => state.models);
  const info = useHostInfo(dialog.open);
  return (
    <Dialog title={words.about.title} {...dialog}>
      <div className="flex flex-col gap-2">
        <p>{words.app.tagline}</p>
        {info && <p className="text-muted">{words.about.version(info.version)}</p>}
        <p>{words.app.privacy}</p>
        <p>{words.about.license}</p>
        <ul className="list-disc pl-5 text-muted">
          {models.map(({ id, name, license }) => (
            <li key={id}>
              {name || id}: {license ?? '—'}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

export function RecoveryDialog() {
  const words = useWords().recovery;
  const dialog = useDialog('recovery');
  const paintings = useStore(recoveryStore, (state) => state.paintings);
  const drop = (painting: string) =>
    recoveryStore.setState((state) => ({ paintings: state.paintings.filter((entry) => entry.painting !== painting) }));
  const open = async ({ painting }: RecoverablePainting) => {
    if (!(await recoverPainting(painting))) return;
    drop(painting);
    dialog.onClose();
  };
  const discard = async ({ painting }: RecoverablePainting) => {
    try {
      await host('discard', [painting]);
      drop(painting);
      if (paintings.length <= 1) dialog.onClose();
    } catch (error) {
      reportError(error);
    }
  };
  return (
    <Dialog title={words.title} {...dialog}>
      <p className="mb-3 text-muted">{paintings.length > 0 ? words.text : words.none}</p>
      <ul className="flex flex-col gap-2">
        {paintings.map((entry) => (
          <li key={entry.painting} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              {entry.name} · {new Date(entry.savedAt).toLocaleString()}
            </span>
            <TextButton kind="danger" onClick={() => void discard(entry)}>
              {words.discard}
            </TextButton>
            <TextButton kind="primary" onClick={() => void open(entry)}>
              {words.open}
            </TextButton>
          </li>
        ))}
      </ul>
      <TextButton className="mt-3" onClick={dialog.onClose}>
        {words.later}
      </TextButton>
    </Dialog>
  );
}

function useHostInfo(wanted: boolean): HostInfo | undefined {
  const [info, setInfo] = useState<HostInfo>();
  useEffect(() => {
    if (wanted) host('hello', []).then(setInfo, reportError);
  }, [wanted]);
  return info;
}

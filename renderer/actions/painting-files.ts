/**
 * Paintings as files: kept by themselves while they are worked on, saved, opened, exported.
 */
import { isCancelled, StudioError } from '../../app/base/errors.ts';
import type { ExportFormat, OpenedPicture, PackedTile, PaintingState } from '../../app/contracts/studio-api.ts';
import { type PaintingDocument, tileIds } from '../../app/document/document.ts';
import { newDocument } from '../../app/document/edits.ts';
import { forgetBeyond, reachableTiles } from '../../app/document/history.ts';
import { rgbaToBitmap } from '../canvas/bitmap.ts';
import { canvas, tiles } from '../canvas/open-canvas.ts';
import { currentDocument, documentStore, openDocument } from '../stores/document-store.ts';
import { recall } from '../stores/model-store.ts';
import { notify, reportError } from '../stores/notice-store.ts';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { clearStaging, stage, stagingStore } from '../stores/staging-store.ts';
import { words } from '../text/words.ts';
import { host, shell } from '../transport/host.ts';
import { insertLayer, placed } from './staging.ts';
import { readVariants, writeVariants } from './variants-json.ts';

/** Milliseconds between a change and its being kept. */
const AUTOSAVE_MS = 1500;
/** Memory that undo may take. */
const HISTORY_BYTES = 320 * 2 ** 20;
const LEAST_STEPS = 200;
/** Projects that are offered to be opened again. */
const RECENT = 10;

/** Tiles that the host has of the painting that is open. */
let sentTiles = new Set<string>();
let kept: { readonly document: PaintingDocument; readonly variants: unknown } | undefined;
let saving: Promise<void> = Promise.resolve();

/** Keeps the painting whenever it has changed, as long as the window lives. */
export function startAutosave(): void {
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      keepPainting().catch(reportError);
    }, AUTOSAVE_MS);
  };
  documentStore.subscribe((state, before) => {
    if (state.painting !== before.painting) {
      sentTiles = new Set();
      kept = { document: state.history.present, variants: stagingStore.getState().variants };
    } else if (state.history.present !== before.history.present) soon();
    shell?.setDocumentEdited(state.history.present !== state.saved);
  });
  // A window that is closed or put away may not come back.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) keepPainting().catch(reportError);
  });
  stagingStore.subscribe((state, before) => {
    if (state.variants !== before.variants) soon();
  });
}

/** Sends the host what it does not have yet, and lets go of pixels that nothing needs. */
function keepPainting(): Promise<void> {
  saving = saving
    .catch(() => {})
    .then(async () => {
      const { painting, path } = documentStore.getState();
      const document = currentDocument();
      const { variants } = stagingStore.getState();
      if (kept?.document === document && kept.variants === variants) return;
      const ids = [...tileIds(document)].filter((id) => !sentTiles.has(id));
      const fresh: PackedTile[] = await Promise.all(ids.map(async (id) => ({ id, bytes: await tiles.packed(id) })));
      const state: PaintingState = { document, path, extras: writeVariants(variants), tiles: fresh };
      await host('autosave', [painting, state]);
      sentTiles = tileIds(document);
      kept = { document, variants };
      forgetOldSteps();
    });
  return saving;
}

function forgetOldSteps(): void {
  documentStore.setState(({ history }) => ({
    history: forgetBeyond(history, HISTORY_BYTES, (id) => tiles.sizeOf(id), LEAST_STEPS),
  }));
  const needed = reachableTiles(documentStore.getState().history);
  for (const id of canvasTiles()) needed.add(id);
  tiles.retain(needed);
}

/** Tiles that are shown just now: a stroke may have been captured since. */
function canvasTiles(): Set<string> {
  return tileIds(currentDocument());
}

export function newPainting(width: number, height: number): void {
  clearStaging();
  openDocument(newDocument(width, height, words().painting.untitled, words().layers.first), null);
}

/** @param as asks for a new place even when the painting has one */
export async function savePainting(as = false): Promise<void> {
  try {
    const { painting, path } = documentStore.getState();
    const document = currentDocument();
    const wanted = (!as && path) || (shell ? await shell.showSaveDialog('project', fileNameOf(document)) : null);
    if (shell && !wanted) return;
    kept = undefined;
    await keepPainting();
    const saved = await host('saveProject', [painting, wanted]);
    documentStore.setState({ path: saved, saved: document });
    rememberProject(saved);
    notify('info', words().notice.saved(saved));
  } catch (error) {
    reportError(error);
  }
}

/** A name that every file system takes. */
function fileNameOf({ name }: PaintingDocument): string {
  const plain = name
    .replace(/[/\\:*?"<>|\p{Cc}]/gu, ' ')
    .trim()
    .slice(0, 60);
  return `${plain || words().painting.untitled}.underpaint`;
}

export async function downloadPainting(): Promise<void> {
  try {
    kept = undefined;
    await keepPainting();
    const bytes = await host('projectFile', [documentStore.getState().painting]);
    download(bytes, fileNameOf(currentDocument()), 'application/x-underpaint');
  } catch (error) {
    reportError(error);
  }
}

export function showPainting(state: PaintingState, painting?: string): void {
  tiles.addPacked(state.tiles);
  clearStaging(readVariants(state.extras));
  openDocument(state.document, state.path, painting);
  if (painting !== undefined) sentTiles = tileIds(state.document);
}

/** A project or a picture that was dropped, pasted or chosen. */
export async function openFile(file: File): Promise<void> {
  try {
    if (isProject(file.name)) await openProjectFile(file);
    else await showOpened(await host('readImage', [new Uint8Array(await file.arrayBuffer())]), file.name);
  } catch (error) {
    if (!isCancelled(error)) reportError(error);
  }
}

/** The same of one that lies on the host. */
export async function openFileAt(path: string): Promise<void> {
  try {
    if (isProject(path)) await openProjectAt(path);
    else await showOpened(await host('readImageFile', [path]), path.replace(/^.*[/\\]/, ''));
  } catch (error) {
    if (!isCancelled(error)) reportError(error);
  }
}

function isProject(name: string): boolean {
  return name.toLowerCase().endsWith('.underpaint');
}

async function showOpened(opened: OpenedPicture, name: string): Promise<void> {
  if (opened.making) await restoreMaking(opened, name);
  else insertPicture(opened, name.replace(/\.[^.]+$/, ''));
}

async function openProjectFile(file: File): Promise<void> {
  const path = shell?.pathForFile(file);
  if (path) await openProjectAt(path);
  else showPainting(await host('openProjectFile', [new Uint8Array(await file.arrayBuffer())]));
}

/** Opens a project that lies on the host. */
export async function openProjectAt(path: string): Promise<void> {
  try {
    showPainting(await host('openProject', [path]));
    rememberProject(path);
  } catch (error) {
    reportError(error);
  }
}

function rememberProject(path: string): void {
  const { recentProjects } = settingsStore.getState();
  changeSettings({ recentProjects: [path, ...recentProjects.filter((other) => other !== path)].slice(0, RECENT) });
}

/** A picture of Underpaint's own comes back with its request, as a variant that can be branched. */
export async function restoreMaking({ image, making }: OpenedPicture, name: string): Promise<void> {
  if (!making) throw new StudioError('corrupt-input', words().notice.noRecord(name));
  await recall(making.request, 'all');
  const { request, tokens, labelName } = making;
  const rgb = new Uint8Array(image.width * image.height * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = image.data[Math.floor(i / 3) * 4 + (i % 3)] as number;
  stage({
    id: crypto.randomUUID(),
    parent: null,
    branchStep: 0,
    request,
    title: labelName ?? name,
    image: { width: image.width, height: image.height, data: rgb },
    decoded: true,
    live: false,
    masked: false,
    tokens,
    entropy: new Float32Array(0),
    previews: [],
    frame: currentDocument().frame,
    picture: null,
  });
  notify('info', words().notice.requestRestored(labelName ?? name));
}

/** As a layer in the middle, made smaller when it does not fit. */
export function insertPicture({ image }: OpenedPicture, name: string): void {
  const { bounds } = canvas().painting;
  const factor = Math.min(1, bounds.width / image.width, bounds.height / image.height);
  const [width, height] = [Math.round(image.width * factor), Math.round(image.height * factor)];
  const rect = {
    x: Math.floor((bounds.width - width) / 2),
    y: Math.floor((bounds.height - height) / 2),
    width,
    height,
  };
  const source = rgbaToBitmap(image.width, image.height, image.data).canvas;
  insertLayer('edit.import', name, placed(source, rect, bounds), rect);
}

/** What is seen, without masks and control maps. */
export async function exportPicture(format: ExportFormat, quality: number, onlyFrame: boolean): Promise<void> {
  try {
    const { frame, name } = currentDocument();
    const { painting } = canvas();
    const { x, y, width, height } = onlyFrame ? frame : painting.bounds;
    const { data } = painting.compositor.picture().context.getImageData(x, y, width, height);
    const bytes = await host('encodeImage', [{ width, height, data: new Uint8Array(data.buffer) }, format, quality]);
    download(bytes, `${name}.${format === 'jpeg' ? 'jpg' : format}`, `image/${format}`);
  } catch (error) {
    reportError(error);
  }
}

function download(bytes: Uint8Array, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

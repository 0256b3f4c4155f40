/**
 * Paintings as files: kept by themselves while they are worked on, saved, opened, exported.
 */
import { isCancelled, StudioError } from '../../app/base/errors.ts';
import type { ExportFormat, OpenedPicture, PaintingState } from '../../app/contracts/studio-api.ts';
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import { newDocument } from '../../app/document/edits.ts';
import { startHistory } from '../../app/document/history.ts';
import { withoutAlpha } from '../../app/imaging/rgba.ts';
import { rgbaToBitmap } from '../canvas/bitmap.ts';
import { canvas, tiles } from '../canvas/open-canvas.ts';
import { currentDocument, documentStore, edit, openDocument } from '../stores/document-store.ts';
import { modelStore, recall, restoreAsked } from '../stores/model-store.ts';
import { notify, reportError } from '../stores/notice-store.ts';
import { changeSettings, settingsStore } from '../stores/settings-store.ts';
import { clearStaging, stage } from '../stores/staging-store.ts';
import { openDialog } from '../stores/ui-store.ts';
import { words } from '../text/words.ts';
import { host, shell } from '../transport/host.ts';
import { adoptKeptTiles, keepPainting, keepWholePainting } from './autosave.ts';
import { restoreMap } from './control-map.ts';
import { download } from './download.ts';
import { addWhiteLayer } from './layers.ts';

import { insertLayer, placed } from './staging.ts';
import { readVariants } from './variants-json.ts';

/** Projects that are offered to be opened again. */
const RECENT = 10;

/** @param isWhite puts a white layer at the bottom; else the painting is transparent */
export async function newPainting(width: number, height: number, isWhite = false): Promise<void> {
  try {
    const { untitled } = words().painting;
    await leavePainting();
    clearStaging();
    openDocument(newDocument(width, height, untitled, words().layers.first), null);
    if (isWhite) addWhiteLayer();
  } catch (error) {
    reportError(error);
  }
}

/** The painting that the window begins with was made before the person's language was known. */
export function nameFirstPainting(): void {
  const { history, saved } = documentStore.getState();
  if (history.present !== saved) return;
  const { layers, painting } = words();
  const named = {
    ...saved,
    name: painting.untitled,
    layers: saved.layers.map((layer) => ({ ...layer, name: layers.first })),
  };
  documentStore.setState({ history: startHistory(named), saved: named });
}

/** Keeps the painting that is open before another takes its place, and says how to come back to it. */
async function leavePainting(): Promise<void> {
  await keepPainting();
  const { painting, history, saved } = documentStore.getState();
  if (history.present === saved) return;
  const { name } = history.present;
  const action = { label: words().notice.backToIt, run: () => void recoverPainting(painting) };
  notify('info', words().notice.paintingKept(name), { action });
}

/** Opens a painting that the host has kept. Returns whether it is open now. */
export async function recoverPainting(painting: string): Promise<boolean> {
  try {
    await showPainting(await host('recover', [painting]), painting);
    return true;
  } catch (error) {
    reportError(error);
    return false;
  }
}

/** To the painting's own file; one that has none yet gets one where the person says, in a browser under its name. */
export async function savePainting(): Promise<void> {
  const { path } = documentStore.getState();
  if (path === null && shell) await savePaintingAs();
  else await saveTo(path);
}

/** To a file that the person chooses. */
export async function savePaintingAs(): Promise<void> {
  if (!shell) return openDialog('saveAs');
  try {
    const path = await shell.showSaveDialog('project', fileNameOf(currentDocument()));
    if (path) await saveTo(path);
  } catch (error) {
    reportError(error);
  }
}

/** As a project of its own in the host's folder: the file that the painting had stays as it is. */
export async function savePaintingNamed(name: string): Promise<void> {
  edit('edit.name', (document) => ({ ...document, name }));
  documentStore.setState({ path: null });
  await saveTo(null);
}

async function saveTo(wanted: string | null): Promise<void> {
  try {
    const { painting } = documentStore.getState();
    const document = currentDocument();
    await keepWholePainting();
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
    await keepWholePainting();
    const bytes = await host('projectFile', [documentStore.getState().painting]);
    download(bytes, fileNameOf(currentDocument()), 'application/x-underpaint');
  } catch (error) {
    reportError(error);
  }
}

/** @param painting its id, when the host has kept it */
async function showPainting(state: PaintingState, painting?: string): Promise<void> {
  await leavePainting();
  const variants = await readVariants(state.extras);
  tiles.addPacked(state.tiles);
  clearStaging(variants);
  openDocument(state.document, state.path, painting);
  if (painting !== undefined) adoptKeptTiles();
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
  else await showPainting(await host('openProjectFile', [new Uint8Array(await file.arrayBuffer())]));
}

/** Opens a project that lies on the host. */
export async function openProjectAt(path: string): Promise<void> {
  try {
    await showPainting(await host('openProject', [path]));
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
  const before = modelStore.getState();
  await recall(making.request, 'all');
  restoreMap(making.request.control);
  const { request, tokens, labelName, plan } = making;
  stage({
    id: crypto.randomUUID(),
    parent: null,
    branchStep: 0,
    request,
    title: labelName ?? name,
    image: withoutAlpha(image),
    decoded: true,
    live: false,
    cover: null,
    plan,
    tokens,
    entropy: new Float32Array(0),
    previews: [],
    frame: plan ? middleOf(canvas().painting.bounds, image) : currentDocument().frame,
    picture: null,
  });
  const action = { label: words().notice.mySettings, run: () => restoreAsked(before) };
  notify('info', words().notice.requestRestored(labelName ?? name), { action });
}

/** As a layer in the middle, made smaller when it does not fit. */
export function insertPicture({ image }: OpenedPicture, name: string): void {
  const { bounds } = canvas().painting;
  const rect = middleOf(bounds, image);
  const source = rgbaToBitmap(image.width, image.height, image.data).canvas;
  insertLayer('edit.import', name, placed(source, rect, bounds), rect);
}

/** In the middle of the painting, made smaller when it does not fit. */
function middleOf(bounds: Rect, image: { readonly width: number; readonly height: number }): Rect {
  const factor = Math.min(1, bounds.width / image.width, bounds.height / image.height);
  const [width, height] = [Math.round(image.width * factor), Math.round(image.height * factor)];
  const [x, y] = [Math.floor((bounds.width - width) / 2), Math.floor((bounds.height - height) / 2)];
  return { x, y, width, height };
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

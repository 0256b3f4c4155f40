/**
 * All models on their way, and what is told of them.
 */
import type { Disposable } from '../../app/base/disposable.ts';
import { StudioError } from '../../app/base/errors.ts';
import { Emitter } from '../../app/base/events.ts';
import type { InstallCommand, InstallEvent } from '../../app/contracts/models-api.ts';
import { Slots } from '../downloads/slots.ts';
import { placeOf } from './file-places.ts';
import { Install, type InstallWorld } from './install.ts';
import { type InstallRecord, listRecords, removeRecord, writeRecord } from './install-record.ts';

/** Files that are downloaded at once. */
const AT_ONCE = 3;
/** Between two looks at progress, in ms. */
const TELL_MS = 200;

/** What the list needs of the world. */
export interface InstallsWorld extends Pick<InstallWorld, 'hub' | 'finish' | 'policy'> {
  modelsFolder(): string;
  /** Files of installed models: they stay when an install is cancelled. */
  usedFiles(): Promise<ReadonlySet<string>>;
}

export class Installs {
  readonly #world: InstallsWorld;
  readonly #slots = new Slots(AT_ONCE);
  readonly #events = new Emitter<InstallEvent>();
  #installs: readonly Install[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(world: InstallsWorld) {
    this.#world = world;
  }

  /** Finds the installs that were begun, here or by another program, and goes on with those that nobody has paused. */
  async resume(): Promise<void> {
    await this.refresh();
    for (const install of this.#installs) if (!install.record.paused) void this.#run(install);
  }

  /** Looks again at what there is. */
  async refresh(): Promise<void> {
    const records = await listRecords(this.#world.modelsFolder());
    const added = records.filter(({ id }) => !this.#find(id)).map((record) => this.#make(record));
    await Promise.all(added.map((install) => install.look()));
    const isThere = ({ id, view }: Install) => view.state !== 'elsewhere' || records.some((record) => record.id === id);
    this.#installs = [...this.#installs.filter(isThere), ...added];
    this.#tellSoon();
  }

  /** Begins an install; one that was begun goes on. */
  async start(record: InstallRecord): Promise<Install> {
    await this.refresh();
    const known = this.#find(record.id);
    const install = known ?? this.#make(record);
    if (!known) {
      await writeRecord(this.#world.modelsFolder(), record);
      await install.look();
      this.#installs = [...this.#installs, install];
    }
    return install;
  }

  /** Runs an install, and takes it off the list when it is done. Returns whether the model is there. */
  run(install: Install): Promise<boolean> {
    return this.#run(install);
  }

  /** Throws `bad-request` when there is no such install. */
  async obey({ type, install: id }: InstallCommand): Promise<void> {
    const install = this.#find(id);
    if (!install) throw new StudioError('bad-request', `There is no install "${id}".`);
    if (type === 'resume') void this.#run(install);
    else if (type === 'pause') await install.stop(true);
    else await this.#cancel(install);
  }

  /** Tells of all installs now, and of every change. */
  watch(listener: (event: InstallEvent) => void): Disposable {
    listener(this.#now());
    return this.#events.on(listener);
  }

  /** Stops what runs; it goes on at the next start. */
  async close(): Promise<void> {
    await Promise.all(this.#installs.map((install) => install.stop(false)));
    clearTimeout(this.#timer);
  }

  get isBusy(): boolean {
    return this.#installs.some(({ view: { state } }) => !['paused', 'failed', 'elsewhere'].includes(state));
  }

  async #run(install: Install): Promise<boolean> {
    const done = await install.run();
    if (!done) return false;
    await this.#forget(install);
    this.#events.fire({ type: 'installed', model: install.id, name: install.record.name });
    return true;
  }

  async #cancel(install: Install): Promise<void> {
    await install.stop(false);
    const used = await this.#world.usedFiles();
    const others = this.#installs.filter((other) => other !== install);
    const wanted = new Set(others.flatMap(({ record }) => record.files.map((file) => this.#placeOf(file))));
    await install.discard((path) => used.has(path) || wanted.has(path));
    await this.#forget(install);
  }

  async #forget(install: Install): Promise<void> {
    await removeRecord(this.#world.modelsFolder(), install.id);
    this.#installs = this.#installs.filter((other) => other !== install);
    this.#events.fire(this.#now());
  }

  #placeOf(file: InstallRecord['files'][number]): string {
    return placeOf(this.#world.modelsFolder(), file);
  }

  #find(id: string): Install | undefined {
    return this.#installs.find((install) => install.id === id);
  }

  #make(record: InstallRecord): Install {
    const { hub, finish, policy } = this.#world;
    return new Install(record, {
      modelsFolder: this.#world.modelsFolder(),
      slots: this.#slots,
      policy,
      hub,
      finish,
      changed: () => this.#tellSoon(),
    });
  }

  #now(): InstallEvent {
    return { type: 'installs', installs: this.#installs.map(({ view }) => view) };
  }

  /** At most some times a second, however often something changes. */
  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#events.fire(this.#now());
    }, TELL_MS);
  }
}

/** What is used here of the package cli-progress 3.12, which brings no types. */
declare module 'cli-progress' {
  namespace cliProgress {
    interface BarOptions {
      format(options: unknown, state: unknown, payload: never): string;
      stream: NodeJS.WriteStream;
      clearOnComplete: boolean;
      hideCursor: boolean;
      gracefulExit: boolean;
    }

    interface Bar {
      start(total: number, value: number, payload: object): void;
      update(value: number, payload: object): void;
      stop(): void;
    }
  }

  const cliProgress: { readonly SingleBar: new (options: cliProgress.BarOptions) => cliProgress.Bar };
  export = cliProgress;
}

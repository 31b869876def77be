import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that runs until it is told to end, its output in a file. */
export class Daemon {
  readonly #child: ChildProcess;
  #ended = false;

  constructor(command: string, args: readonly string[], log: string) {
    const output = openSync(log, 'a');
    this.#child = spawn(command, args, { stdio: ['ignore', output, output] });
    closeSync(output);
    this.#child.once('exit', () => {
      this.#ended = true;
    });
    this.#child.once('error', () => {
      this.#ended = true;
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  get pid(): number {
    if (this.#child.pid === undefined) {
      throw new Error('the process did not start');
    }
    return this.#child.pid;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it; false when it had to be killed. */
  async end(name: NodeJS.Signals): Promise<boolean> {
    this.signal(name);
    if (await eventually(15_000, () => this.#ended)) {
      return true;
    }
    this.signal('SIGKILL');
    await eventually(5_000, () => this.#ended);
    return false;
  }
}

/** Waits until something is so; false when it has not become so in time. */
export async function eventually(
  ms: number,
  condition: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(50);
  }
  return true;
}

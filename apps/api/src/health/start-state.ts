import { Injectable } from '@nestjs/common';

/** Whether the process has found its services and may serve. */
@Injectable()
export class StartState {
  #started = false;

  get started(): boolean {
    return this.#started;
  }

  begin(): void {
    this.#started = true;
  }
}

import type { Notebook } from '../findings/notebook.ts';
import type { SummaryWriter } from '../summary.ts';
import type { Service } from '../types.ts';

/** What the rules of a purpose work with. */
export type Context = {
  readonly notes: Notebook;
  readonly service: Service;
  readonly summary: SummaryWriter;
};

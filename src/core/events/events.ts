import type { TransferLine } from '../schema/events/events.ts';

export type { Endpoint } from '../schema/events/request.ts';

/**
 * What happens to one file, in order: the lines of `--progress=json` in the spelling of this code, without what every
 * line says. Bytes are the file's.
 */
export type TransferEvent = CamelCased<TransferLine>;

/** Why a request is tried again, in words and in a stable reason. */
export type Trouble = Extract<TransferEvent, { type: 'request.retrying' }>['error'];

/** The one sink of what happens. In a test: `events.push.bind(events)`. */
export type Emit = (event: TransferEvent) => void;

type CamelCased<Line> = Line extends object
  ? {
      readonly [Name in keyof Line as Name extends 'at' | 'path' ? never : CamelName<Name & string>]: CamelCased<
        Line[Name]
      >;
    }
  : Line;

type CamelName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelName<Rest>>}`
  : Name;

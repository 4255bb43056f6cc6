// What the compiler alone proves of the lines that are printed: `npm run typecheck` fails where a claim does not hold.
import type { TransferEvent } from '../../../src/core/events/events.ts';
import type { tallyFields } from '../../../src/core/outcome/result.ts';
import type { TransferLine } from '../../../src/core/schema/events/events.ts';
import type { PushResult } from '../../../src/core/schema/results/push.ts';
import type { baseResult } from '../../../src/transfer/file-result.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(claim?: Claim): Claim | undefined => claim;

// Results are put together from parts, in which the compiler does not see what is too much.
type Unknown<Made> = Exclude<keyof Made, keyof PushResult>;
holds<Same<Unknown<ReturnType<typeof baseResult>>, never>>();
holds<Same<Unknown<ReturnType<typeof tallyFields>>, never>>();

// The names of this code are turned into those of lines while a command runs: this must lead back to the schemas.
type SnakeName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeName<Rest>}`
  : Name;
type NamesOf<Events extends { readonly type: string }> = {
  readonly [Event in Events as Event['type']]: SnakeName<Exclude<keyof Event, 'at' | 'path'> & string>;
};
holds<Same<NamesOf<TransferEvent>, NamesOf<TransferLine>>>();
